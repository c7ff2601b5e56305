"""How far a bundled proxy steers: its step beside the true gradient ∂ log p(reference) / ∂E of the frozen decoder.

    python -m proxies.true_gradient --model NAME --data DIR --work DIR [--room] [--proxy FILE]

On the dev sets of the proxy (`hard_sets`, `plain_sets` of its recipe), for every set:

cosine      of the proxy's step E' − E with the true gradient G, as [mean, low, high] over items (95 %, bootstrap):
            over all positions of an item at once, and position by position, then averaged
room        with --room: the gain of a step along G itself, which nobody has without the reference: an upper mark, not a result.
            By norm: "relative" ‖Δ‖ = size · ‖E‖, "token" every position by itself, as in `onnx_graph`

log p is that of the tokens of the reference and its end, each after the true ones. G is zero at
masked positions. Writes `results/true-gradient.json`.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from proxies import speech_proxy, translation_proxy
from proxies.evaluate import Proxy, interval
from proxies.reference import Reference
from starters import RESULTS, STARTERS

RECIPES = {"speech": speech_proxy, "translation": translation_proxy}
SIZES = (0.01, 0.02, 0.05, 0.1)
SMALL = 0.05  # α of the step whose direction is taken


def norm(x, axes):
    return np.maximum(np.sqrt((x**2).sum(axes, keepdims=True)), 1e-12)


def along(direction, states, mask, normalisation):
    """The direction with the norm of E: as a whole ("relative") or at every position ("token")."""
    on = mask[..., None].astype(np.float32)
    size = norm(states * on, (1, 2))
    if normalisation == "relative":
        return direction / norm(direction, (1, 2)) * size
    return direction / norm(direction, 2) * size / np.sqrt(on.sum((1, 2), keepdims=True)) * on


def first_references(data, indices):
    return [r if isinstance(r, str) else r[0] for r in (data.references[i] for i in indices)]


def cosines(step, true, mask):
    """[B, 2]: over all positions at once, and the mean over positions of each one's own."""
    product = (step * true).sum(2)
    whole = product.sum(1) / (norm(step, (1, 2)) * norm(true, (1, 2)))[:, 0, 0]
    single = product / (norm(step, 2) * norm(true, 2))[..., 0]
    return np.stack([whole, (single * mask).sum(1) / np.maximum(1, mask.sum(1))], 1)


def mean_interval(values):
    none = np.stack([np.zeros(len(values)), np.ones(len(values))], 1)
    return interval(none, np.stack([values, np.ones(len(values))], 1), digits=4)


def cosine(data, proxy, reference):
    """Of one `EvaluationSet`."""
    found = np.zeros((len(data.references), 2))
    for indices, states, mask in data.batches:
        true = reference.gradient(states, mask, first_references(data, indices))
        found[list(indices)] = cosines(proxy.run(states, mask, SMALL)[0] - states, true, mask)
    return {"whole": mean_interval(found[:, 0]), "positions": mean_interval(found[:, 1])}


def room(data, reference):
    """{normalisation: {size: gain}} of one `EvaluationSet`."""
    stepped = {n: {size: [""] * len(data.references) for size in SIZES} for n in ("relative", "token")}
    for indices, states, mask in data.batches:
        true = reference.gradient(states, mask, first_references(data, indices))
        for normalisation, sizes in stepped.items():
            direction = along(true, states, mask, normalisation)
            for size, texts in sizes.items():
                for i, text in zip(indices, data.decoder(states + size * direction, mask)):
                    texts[i] = text
    return {
        n: {size: interval(data.plain_quality, data.quality(texts)) for size, texts in sizes.items()}
        for n, sizes in stepped.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--room", action="store_true", help="measure steps along the true gradient too")
    parser.add_argument("--proxy", type=Path, help="another proxy.onnx; results are printed only")
    args = parser.parse_args()
    torch.set_num_threads(1)
    starter = STARTERS[args.model]
    recipe = RECIPES[starter.kind]
    model, reference = recipe.load(starter.folder, "fp32"), Reference(starter)
    proxy = Proxy(args.proxy or starter.folder / "proxies" / recipe.IDENTIFIER / "proxy.onnx")
    found, where = {}, (model, args.data, args.work, "dev")
    for data in [*recipe.hard_sets(*where), *recipe.plain_sets(*where)]:
        found[data.name] = {"items": len(data.references), "cosine": cosine(data, proxy, reference)}
        if args.room:
            found[data.name]["room"] = room(data, reference)
        print(data.name, found[data.name], flush=True)
    if args.proxy:
        return
    path = RESULTS / "true-gradient.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(results | {starter.name: found}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
