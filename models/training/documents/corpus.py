"""Aligned and cleaned pairs of all sources, as one file per source.

    python -m documents.corpus --cache DIR --data DIR [--only SOURCE ...]

Writes DIR/pairs/SOURCE.tsv (English, tab, German) and prints how many. Training pairs share no side
with dev and test, neither of the packages kept out nor of Tatoeba (dev, test and proxy).
"""

import argparse
import hashlib
import json
from pathlib import Path

from documents.clean import clean, without
from documents.packages import SOURCES
from documents.readers import read
from text.sentences import key, key_hash, split_pairs

COUNTS = Path(__file__).resolve().parent.parent / "results/documents.json"
KEPT_OUT = COUNTS.parent / "documents-kept-out.json"


def read_pairs(cache, name):
    text = (Path(cache) / f"pairs/{name}.tsv").read_text("utf8")
    return [tuple(line.split("\t")) for line in text.splitlines()]


def kept_out(cache, split):
    """[(English, German)] of the packages kept out for "dev" or "test"."""
    return [pair for s in SOURCES if s.split == split for pair in read_pairs(cache, s.name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cache", "data"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="read these again, keep the files of the others")
    args = parser.parse_args()
    (args.cache / "pairs").mkdir(parents=True, exist_ok=True)
    everyday = [p for split in ("test", "dev", "proxy") for p in split_pairs(args.data)[split]]
    forbidden = [{key(pair[side]) for pair in everyday} for side in (0, 1)]
    counts = json.loads(COUNTS.read_text()) if args.only and COUNTS.exists() else {}
    ordered = sorted(SOURCES, key=lambda s: ("test", "dev", "train").index(s.split))
    for source in ordered:
        anew = not args.only or source.name in args.only
        raw = list(read(source, args.cache)) if anew else []
        pairs = without(clean(raw), *forbidden) if anew else read_pairs(args.cache, source.name)
        if source.split != "train":
            for side in (0, 1):
                forbidden[side] |= {key(pair[side]) for pair in pairs}
        if not anew:
            continue
        (args.cache / f"pairs/{source.name}.tsv").write_text("".join(f"{e}\t{g}\n" for e, g in pairs), "utf8")
        words = sum(len(e.split()) + len(g.split()) for e, g in pairs)
        counts[source.name] = {"split": source.split, "read": len(raw), "kept": len(pairs), "words": words}
        print(source.name, counts[source.name], flush=True)
    COUNTS.write_text(json.dumps(counts, indent=1) + "\n")
    known = {}
    for split in ("dev", "test"):
        hashes = sorted({key_hash(text) for pair in kept_out(args.cache, split) for text in pair})
        lines = "\n".join(hashes) + "\n"
        (args.cache / f"kept-out-{split}.txt").write_text(lines)
        known[split] = {"texts": len(hashes), "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    KEPT_OUT.write_text(json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
