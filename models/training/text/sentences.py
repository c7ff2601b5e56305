"""Splits of the Tatoeba sentence pairs: train, proxy, dev and test.

    python -m text.sentences --data DIR

Sentences are compared by their key: case folded, letters and digits only. Test, dev and proxy are
drawn from the English keys (seed 11); then every pair that shares its English **or** its German
key with an earlier split (test, dev, proxy, in this order) is left out of the later ones. So no
source sentence of a split, in either direction, occurs in another. References are taken from the
whole corpus. The speech corpus reads its sentences from the same splits.

`splits/sentences.json` holds the seed, the counts and a hash of every key, so that a reader can
tell which split any sentence is in without the corpus.
"""

import argparse
import functools
import gzip
import hashlib
import json
import random
import re
from pathlib import Path

SEED = 11
SIZES = {"test": 2500, "dev": 1500, "proxy": 14500}  # English keys
ORDER = ("test", "dev", "proxy", "train")
LISTS = Path(__file__).resolve().parent.parent / "splits"
# Both recognisers start from the weights of a first one. What it heard is in no test here.
FIRST_RECOGNISER = LISTS / "first-recogniser.en.txt.gz"


def key(sentence):
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def key_hash(sentence):
    """32 bits of SHA-256 of the key, in hexadecimal."""
    return hashlib.sha256(key(sentence).encode()).hexdigest()[:8]


def read_pairs(data):
    """[(English, German)] of the corpus, without the empty and the doubled."""
    with gzip.open(Path(data) / "tatoeba-en-de.tsv.gz", "rt", encoding="utf8") as f:
        rows = [tuple(part.strip() for part in line.rstrip("\n").split("\t")[:2]) for line in f]
    return list(dict.fromkeys(row for row in rows if all(map(key, row))))


@functools.cache
def split_pairs(data):
    """{split: [(English, German)]}, in a seeded order."""
    pairs = read_pairs(data)
    keys = list(dict.fromkeys(key(english) for english, _ in pairs))
    random.Random(SEED).shuffle(keys)
    split_of, start = {}, 0
    for name, size in SIZES.items():
        split_of |= dict.fromkeys(keys[start : start + size], name)
        start += size
    splits, english_keys, german_keys = {}, set(), set()
    for name in ORDER:
        splits[name] = [
            pair
            for pair in pairs
            if split_of.get(key(pair[0]), "train") == name
            and key(pair[0]) not in english_keys
            and key(pair[1]) not in german_keys
        ]
        english_keys |= {key(english) for english, _ in splits[name]}
        german_keys |= {key(german) for _, german in splits[name]}
    for rows in splits.values():
        random.Random(SEED).shuffle(rows)
    return splits


@functools.cache
def heard_before():
    """Hashes of the sentences the first recogniser was trained on."""
    return frozenset(gzip.decompress(FIRST_RECOGNISER.read_bytes()).decode().split())


@functools.cache
def test_items(data, split, direction):
    """[(source, [references])] of a split for "en-de" or "de-en": one item per source key, with
    every translation of that key in the whole corpus."""
    side = 0 if direction == "en-de" else 1
    references = {}
    for pair in read_pairs(data):
        references.setdefault(key(pair[side]), {})[pair[1 - side]] = None
    sources = {}
    for pair in split_pairs(data)[split]:
        sources.setdefault(key(pair[side]), pair[side])
    return [(source, list(references[k])) for k, source in sources.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="not used here")
    parser.add_argument("--bootstrap", type=Path, help="also list the sentences the first recogniser was trained on")
    args = parser.parse_args()
    splits = split_pairs(args.data)
    counts = {name: len(rows) for name, rows in splits.items()}
    LISTS.mkdir(exist_ok=True)
    for name in ("test", "dev", "proxy"):
        for side, language in ((0, "en"), (1, "de")):
            hashes = sorted({key_hash(pair[side]) for pair in splits[name]})
            (LISTS / f"{name}.{language}.txt").write_text("\n".join(hashes) + "\n")
            counts[f"{name} {language} keys"] = len(hashes)
    if args.bootstrap:
        known = json.loads((args.bootstrap / "asr/splits.json").read_text())["base"]
        hashes = "\n".join(sorted(map(key_hash, known))) + "\n"
        FIRST_RECOGNISER.write_bytes(gzip.compress(hashes.encode(), 9, mtime=0))
    (LISTS / "sentences.json").write_text(json.dumps({"seed": SEED, "pairs": counts}, indent=2) + "\n")
    print(counts)


if __name__ == "__main__":
    main()
