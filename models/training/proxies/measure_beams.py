"""What the bundled proxy of a translator does at its suggested α with greedy search and beams, beside the controls.

    python -m proxies.measure_beams --model starter-mt-en-de-s --data DIR --split dev

Writes results/beams-<model>-<split>.json: by beams, gain, wrong sign and random direction on shifted text and gain on
plain and long text, all as [gain, low, high].
"""

import argparse
import json
from pathlib import Path

from proxies import translation_proxy as recipe
from proxies.evaluate import Proxy, gains, metric_of
from starters import RESULTS, STARTERS


def measure(translator, proxy, alpha, data, split, beams, each):
    hard = recipe.hard_sets(translator, data, None, split, beams, each)
    plain = recipe.plain_sets(translator, data, None, split, beams, each)
    return {
        "plain metric": metric_of(hard + plain),
        "gain": gains(hard, proxy.along(alpha)),
        "wrong sign": gains(hard, proxy.along(-alpha)),
        "random direction": gains(hard, proxy.random(alpha, 5)),
        "on plain input": gains(plain, proxy.along(alpha)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=[s.name for s in STARTERS.values() if s.kind == "translation"], required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=["dev", "test"], required=True)
    parser.add_argument("--beams", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--each", type=int, help="fewer items per direction")
    args = parser.parse_args()
    starter = STARTERS[args.model]
    folder = starter.folder / "proxies" / recipe.IDENTIFIER
    alpha = json.loads((folder / "proxy.json").read_text())["encoders"]["fp32"]["suggestedAlpha"]
    translator, proxy, results = recipe.load(starter.folder, "fp32"), Proxy(folder / "proxy.onnx"), {"alpha": alpha}
    for beams in args.beams:
        results[beams] = measure(translator, proxy, alpha, args.data, args.split, beams, args.each)
        print(beams, results[beams], flush=True)
    path = RESULTS / f"beams-{args.model}-{args.split}.json"
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
