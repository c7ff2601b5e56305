"""Shards of training examples: everyday sentences, documents, catalogues, a dictionary, text to be kept.

    python -m translation.mixture --data DIR --cache DIR --shards 24

A shard has `EXAMPLES` examples in both directions, drawn with its own seed, as token ids: DIR/shards/N.npz with
`ids` (uint16, all sources and targets one after the other) and `lengths` [examples, 2]. Shards differ in what is
drawn and in how it is varied; each is the same whenever it is made.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import sentencepiece

from documents.corpus import kept_out, read_pairs
from documents.packages import SOURCES
from text.copies import copy_pair, other_numbers, varied
from text.sentences import split_pairs
from training_run import write_atomically
from translation.model import END, PAD, PREFIXES, SIZES, encode_source, encode_target, load_pieces

EXAMPLES = 40_000
LONGEST = 100  # pieces
# Share of each part in the examples. Everyday sentences come back more often than anything else.
SHARES = {"everyday": 0.36, "rows": 0.06, "prose": 0.36, "catalogue": 0.10, "dictionary": 0.08, "kept": 0.04}
CATALOGUES_OF_PROSE = ("games",)


def part_of(source):
    if source.reader == "dictionary":
        return "dictionary"
    return "catalogue" if source.reader == "catalogue" and source.name not in CATALOGUES_OF_PROSE else "prose"


def parts(data, cache):
    """{part: [(English, German)]} of the training split."""
    out = {"everyday": split_pairs(data)["train"], "prose": [], "catalogue": [], "dictionary": []}
    for source in SOURCES:
        if source.split == "train":
            out[part_of(source)] += read_pairs(cache, source.name)
    return out


def train_pieces(data, cache, path, size="m2"):
    """SentencePiece unigram over all parts, everyday sentences in full; digits stand alone."""
    texts, rng = parts(data, cache), random.Random(3)
    lines = [side for pair in texts["everyday"] for side in pair]
    for name, share in (("prose", 70_000), ("catalogue", 25_000), ("dictionary", 30_000)):
        lines += [side for pair in rng.sample(texts[name], min(share, len(texts[name]))) for side in pair]
    lines += [side for _ in range(4000) for side in copy_pair(rng)]
    lines += [prefix.strip() for prefix in PREFIXES.values()] * 2000
    text = path.with_suffix(".txt")
    text.write_text("\n".join(lines) + "\n")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(path.with_suffix("")), vocab_size=SIZES[size]["vocab_size"],
        model_type="unigram", character_coverage=0.99995, split_digits=True, pad_id=PAD, eos_id=END, unk_id=2, bos_id=-1,
        pad_piece="<pad>", eos_piece="</s>", unk_piece="<unk>", num_threads=1, minloglevel=1,
        required_chars="".join(map(chr, range(33, 127))) + "äöüÄÖÜßéèàçñ„“”‚‘’»«–—€£§°•©×",
    )  # fmt: skip


def draw(texts, rng):
    """One (English, German) and the share of shifted sources for it."""
    part = rng.choices(list(SHARES), SHARES.values())[0]
    if part == "kept":
        return copy_pair(rng), 0.0
    if part == "rows":
        rows = [rng.choice(texts["everyday"]) for _ in range(rng.randint(2, 4))]
        return (" ".join(e for e, _ in rows), " ".join(g for _, g in rows)), 0.08
    pair = rng.choice(texts[part])
    return other_numbers(pair, rng), {"everyday": 0.16, "dictionary": 0.0}.get(part, 0.05)


def write_shard(path, texts, pieces, seed, count=EXAMPLES):
    rng, ids, lengths = random.Random(seed), [], []
    while len(lengths) < count:
        (english, german), shifts = draw(texts, rng)
        direction = rng.choice(list(PREFIXES))
        source, target = varied((english, german) if direction == "en-de" else (german, english), rng, shifts)
        pair = encode_source(pieces, source, direction), encode_target(pieces, target)
        if max(map(len, pair)) <= LONGEST:
            ids += [*pair[0], *pair[1]]
            lengths.append(list(map(len, pair)))
    arrays = {"ids": np.array(ids, np.uint16), "lengths": np.array(lengths, np.uint16)}

    def write(temporary):
        with open(temporary, "wb") as f:
            np.savez(f, **arrays)

    write_atomically(path, write)


def read_shard(path):
    """[(source ids, target ids)]"""
    with np.load(path) as arrays:
        ids, ends = arrays["ids"].tolist(), arrays["lengths"].astype(int).cumsum().tolist()
    cuts = [0, *ends]
    return [(ids[a:b], ids[b:c]) for a, b, c in zip(cuts[0:-1:2], cuts[1::2], cuts[2::2], strict=True)]


def dev_sets(data, cache, pieces):
    """{name: [(source ids, target ids)]} of both directions: everyday sentences and packages kept out."""
    rng = random.Random(4)
    pairs = {"everyday": split_pairs(data)["dev"][:400], "documents": rng.sample(kept_out(cache, "dev"), 400)}
    both = lambda e, g: [(encode_source(pieces, e, "en-de"), encode_target(pieces, g)),
                         (encode_source(pieces, g, "de-en"), encode_target(pieces, e))]  # fmt: skip
    return {
        name: [x for e, g in rows for x in both(e, g) if max(map(len, x)) <= LONGEST] for name, rows in pairs.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "cache"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=24)
    args = parser.parse_args()
    folder = args.cache / "shards"
    folder.mkdir(exist_ok=True)
    if not (folder / "pieces.model").exists():
        train_pieces(args.data, args.cache, folder / "pieces.model")
    pieces, texts = load_pieces(folder / "pieces.model"), parts(args.data, args.cache)
    print({name: len(rows) for name, rows in texts.items()}, flush=True)
    for n in range(args.shards):
        if not (folder / f"{n}.npz").exists():
            write_shard(folder / f"{n}.npz", texts, pieces, 1000 + n)
            print(f"shard {n}", flush=True)


if __name__ == "__main__":
    main()
