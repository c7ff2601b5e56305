"""Fit, export and measure the proxy of one model.

    python -m proxies.build --model NAME --data DIR --work DIR [--seeds N ...]

1. Encode and decode the proxy split with the exported float32 files, once for all seeds; fit a proxy from scratch with every
   seed. What is there under --work is taken as it is. The exported proxy is the mean of them.
2. Choose α and the threshold of the gate on dev (`choice.py`), and measure them there with both encoders, beside the
   wrong sign and a random direction.

Writes `proxies/<id>/` of the model folder. Test is for `npm run evaluate`; `proxies.confirmed` takes its numbers into
proxy.json. --rehearse fits to a tenth of the items.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from proxies import speech_proxy, translation_proxy
from proxies.attention_proxy import Ensemble
from proxies.card import finish, sha256
from proxies.command import clock
from proxies.fit import covariance_of, start_standardised
from proxies.reference import Reference
from proxies.steer import Items, Loss, steer
from starters import STARTERS

RECIPES = {"speech": speech_proxy, "translation": translation_proxy}
# Three of the larger models' would not fit into the size that models/ may have.
SEEDS = {"s": (0, 1, 2), "m": (0,)}


def folder_of(work, share):
    """Where items and weights are kept; what is rehearsed is kept apart."""
    return work / ("proxies" if share == 1 else "rehearsal")


def fitting_items(recipe, starter, data, work, share, log):
    """(to fit, to choose the state by). What all seeds share is stored: encoder outputs, metrics, texts."""
    path = folder_of(work, share) / f"{starter.name}.items.pt"
    made_of = [sha256(starter.folder / "onnx/encoder_model.onnx"), share]
    if path.exists():
        stored = torch.load(path, mmap=True)
        if stored["made of"] == made_of:
            return Items(**stored["train"]), Items(**stored["dev"])
    train, dev = recipe.fitting_items(recipe.load(starter.folder, "fp32"), starter.size, data, work, share, log)
    torch.save({"made of": made_of, "train": vars(train), "dev": vars(dev)}, path)
    return train, dev


def fitted(recipe, starter, train, dev, seed, log):
    """(proxy, covariance of encoder outputs)"""
    real = [states[:n].float() for states, n in zip(train.states[::8], train.lengths[::8])]
    torch.manual_seed(seed)
    proxy = recipe.make_proxy(real[0].shape[1])
    start_standardised(proxy, real)
    log(f"{proxy.count()} parameters, {len(train)} training items")
    covariance = covariance_of(real).float()
    # The fit has the gate open further than it is in use: every item says something about the direction.
    options = recipe.OPTIONS | {"gateThreshold": 0}
    loss_of = Loss(Reference(starter), recipe.errors_by(recipe.load(starter.folder, "fp32")))
    rounds = recipe.ROUNDS[starter.size]
    return steer(proxy, loss_of, train, dev, recipe.METRIC, options, covariance, rounds, seed, log), covariance


def weights(args, recipe, starter, seed, log):
    """(proxy, covariance), of an earlier fit where there is one"""
    share = 0.1 if args.rehearse else 1
    path = folder_of(args.work, share) / f"{starter.name}-{seed}.safetensors"
    if path.exists():
        state = load_file(path)
        covariance = state.pop("covariance")
        proxy = recipe.make_proxy(len(covariance))
        proxy.load_state_dict(state)
        return proxy.eval(), covariance
    path.parent.mkdir(exist_ok=True)
    train, dev = fitting_items(recipe, starter, args.data, args.work, share, log)
    proxy, covariance = fitted(recipe, starter, train, dev, seed, log)
    state = {k: v.contiguous() for k, v in proxy.state_dict().items()}
    save_file(state | {"covariance": covariance}, path)
    return proxy, covariance


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", help="default: those of the bundled proxy")
    parser.add_argument("--fit-only", action="store_true", help="only fit what is not fitted yet")
    parser.add_argument("--rehearse", action="store_true", help="on few items")
    args = parser.parse_args()
    torch.set_num_threads(1)
    log = clock()
    starter = STARTERS[args.model]
    recipe = RECIPES[starter.kind]
    seeds = args.seeds or SEEDS[starter.size]
    members = [weights(args, recipe, starter, seed, log) for seed in seeds]
    if args.fit_only:
        return
    proxy, covariance = members[0] if len(members) == 1 else (Ensemble([m for m, _ in members]), members[0][1])
    finish(recipe, starter, proxy.eval(), covariance.numpy(), seeds, args.data, args.work, log)


if __name__ == "__main__":
    main()
