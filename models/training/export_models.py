"""Write the model folders, all but their proxies and cards, and check them.

    python export_models.py --data DIR --work DIR [--only NAME ...] [--checkpoint final|current]

Facts about the training go to results/models.json.
"""

import argparse
import json
from pathlib import Path

import torch

from export.check import compare
from export.onnx_files import export_model
from export.tokenizer_files import write_recogniser_files, write_translation_files
from speech.corpus import RATE
from speech.model import NO_TIMESTAMPS, START
from starters import RESULTS, STARTERS
from text.sentences import split_pairs, test_items
from text.shifts import joined, shifted
from translation.model import PAD, PREFIXES

# Chosen by measurement on dev, see results/int8.json.
INT8 = {
    "speech": {"per_channel": True, "reduce_range": True, "embeddings": True},
    "translation": {"per_channel": True, "reduce_range": True, "embeddings": True},
}
WITH_ATTENTIONS = ("starter-asr-en-m",)
# [layer, head], chosen by `python -m export.alignment_heads`; see there.
ALIGNMENT_HEADS = {"starter-asr-en-m": [[0, 1], [1, 0], [1, 1], [1, 2], [1, 3]]}


def tokenizer_sentences(data):
    """Sources of dev, test and proxy of both directions, as they are, shifted and joined, with the
    prefixes; and all their references."""
    out = {}
    for direction, prefix in PREFIXES.items():
        for split in ("dev", "test", "proxy"):
            items = test_items(data, split, direction)
            more = shifted(items, 1) + joined(items, 200, 3, 6, 1) if split != "proxy" else []
            out |= dict.fromkeys(prefix + source for source, _ in items + more)
            out |= dict.fromkeys(reference for _, references in items for reference in references)
    return list(out)


def check_files(starter, model):
    """Compare the float32 files of a starter with the model they came from."""
    torch.manual_seed(0)
    if starter.kind == "speech":
        cases = [{"input_features": torch.rand(b, 80, n) * 2 - 1} for b, n in ((1, 600), (3, 400))]
        compare(model, starter.folder, cases, [START, NO_TIMESTAMPS], starter.name in WITH_ATTENTIONS)
        return
    cases = []
    for batch, length in ((1, 9), (3, 23)):
        mask = torch.ones(batch, length, dtype=torch.long)
        mask[-1, length - 3 * (batch - 1) :] = 0
        cases.append({"input_ids": torch.randint(3, 6000, (batch, length)) * mask, "attention_mask": mask})
    compare(model, starter.folder, cases, [PAD])


def facts(starter, model, checkpoint, data, work):
    """What the card says about the training."""
    path = starter.run(work) / "training.json"
    out = {"parameters": sum(p.numel() for p in model.parameters()), "checkpoint": checkpoint}
    out["training"] = json.loads(path.read_text()) if checkpoint == "final" else {}
    if starter.kind == "translation":
        out["pairs"] = len(split_pairs(data)["train"])
    else:
        shards = sorted((work / "speech").glob("train-*.json"))[: out["training"].get("shards")]
        meta = [m for shard in shards for m in json.loads(shard.read_text())]
        out |= {"utterances": len(meta), "hours": round(sum(m["samples"] for m in meta) / RATE / 3600, 1)}
    return out


def export(starter, model, data, work):
    print(f"{starter.name}: {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    if starter.kind == "speech":
        heads = ALIGNMENT_HEADS.get(starter.name)
        write_recogniser_files(starter.folder, model, work / "speech-tokenizer.json", heads)
    else:
        write_translation_files(starter.folder, model, work / "translation.model", tokenizer_sentences(data))
    parts = work / "parts" / starter.name
    export_model(model, starter.folder, parts, INT8[starter.kind], starter.name in WITH_ATTENTIONS)
    check_files(starter, model)
    for path in sorted((starter.folder / "onnx").iterdir()):
        print(f"  {path.name}: {path.stat().st_size / 1e6:.2f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(STARTERS), default=list(STARTERS))
    parser.add_argument("--checkpoint", choices=["final", "current"], default="final")
    args = parser.parse_args()
    torch.set_num_threads(1)
    path = RESULTS / "models.json"
    for name in args.only:
        starter = STARTERS[name]
        model = starter.load(args.work, args.checkpoint)
        export(starter, model, args.data, args.work)
        results = json.loads(path.read_text()) if path.exists() else {}
        results[name] = facts(starter, model, args.checkpoint, args.data, args.work)
        path.write_text(json.dumps({n: results[n] for n in STARTERS if n in results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
