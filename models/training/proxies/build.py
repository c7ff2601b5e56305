"""Fit, export and measure the proxy of one model.

    python -m proxies.build --model NAME --data DIR --work DIR

1. Encode and decode the proxy split with the exported float32 files; fit the proxy from scratch.
2. Choose α from a fixed grid on dev, with the float32 encoder, and measure it there with both encoders, beside the
   wrong sign and a random direction.

Writes `proxies/<id>/` of the model folder. Test is for `npm run evaluate`; `proxies.confirmed` takes its numbers into
proxy.json. --rehearse fits to a tenth of the items.
"""

import argparse
import time
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from proxies import speech_proxy, translation_proxy
from proxies.card import finish
from starters import STARTERS

RECIPES = {"speech": speech_proxy, "translation": translation_proxy}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip-fit", action="store_true", help="use the weights of an earlier fit")
    parser.add_argument("--rehearse", action="store_true", help="on few items")
    args = parser.parse_args()
    torch.set_num_threads(1)
    started = time.time()
    log = lambda text: print(f"{time.time() - started:5.0f} s  {text}", flush=True)
    starter = STARTERS[args.model]
    recipe = RECIPES[starter.kind]
    weights = args.work / "proxies" / f"{starter.name}.safetensors"
    if args.skip_fit:
        state = load_file(weights)
        covariance = state.pop("covariance")
        proxy = recipe.make_proxy(len(covariance))
        proxy.load_state_dict(state)
    else:
        share = 0.1 if args.rehearse else 1
        proxy, covariance = recipe.fitted(starter, args.data, args.work, share, args.seed, log)
        weights.parent.mkdir(exist_ok=True)
        state = {k: v.contiguous() for k, v in proxy.state_dict().items()}
        save_file(state | {"covariance": covariance}, weights)
    finish(recipe, starter, proxy.eval(), covariance.numpy(), args.data, args.work, log)


if __name__ == "__main__":
    main()
