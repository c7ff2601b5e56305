"""BLEU and chrF of a translator on sentences of the packages kept out, greedy, and how many outputs loop.

    python -m documents.evaluate --cache DIR --data DIR --model starter-mt-en-de-m [--split dev] [--count 300]
    python -m documents.evaluate --cache DIR --data DIR --weights FILE --size m2

Each direction: `--count` single sentences of the manuals and half as many entries of the catalogue (seed 17),
and as many everyday sentences of the dev split with all their references.
"""

import argparse
import random
import re
from pathlib import Path

import sacrebleu
import torch
from tokenizers import Tokenizer

from documents.align import sentences
from documents.corpus import read_pairs
from documents.packages import SOURCES
from export.read_back import read_back
from starters import STARTERS
from text.copies import kept
from text.sentences import test_items
from training_run import load_weights
from translation.model import PAD, PREFIXES, load_pieces, make_model

LONGEST = 128
# Not among the frames of training (`text/copies.py`).
KEPT_FRAMES = {
    "en-de": ("We will meet again near {} next week.", "Why is {} written here?", "Copy {} into the empty field.",
              "Nobody answered when I asked about {}.", "The text {} must not be changed."),
    "de-en": ("Wir treffen uns nächste Woche wieder bei {}.", "Warum steht hier {}?", "Kopieren Sie {} in das leere Feld.",
              "Niemand antwortete, als ich nach {} fragte.", "Der Text {} darf nicht geändert werden."),
}  # fmt: skip


def sets(data, cache, split, count):
    """{name: [(English, German)]} of the packages kept out, in single sentences."""
    rng, out = random.Random(17), {}
    for name, reader, share in (("manuals", "pages", 1), ("catalogue", "catalogue", 0.5)):
        rows = [p for s in SOURCES if s.split == split and s.reader == reader for p in read_pairs(cache, s.name)]
        rows = [(e, g) for e, g in rows if len(e) > 20 and len(sentences(e)) == 1]
        out[name] = rng.sample(rows, min(len(rows), int(share * count)))
    return out


@torch.no_grad()
def translate(model, encode, decode, texts, direction, batch=32):
    out, order = [""] * len(texts), sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for k in range(0, len(order), batch):
        rows = [encode(PREFIXES[direction] + texts[i]) for i in order[k : k + batch]]
        length = max(map(len, rows))
        ids = torch.tensor([row + [PAD] * (length - len(row)) for row in rows])
        made = model.generate(input_ids=ids, attention_mask=(ids != PAD).long(), max_new_tokens=LONGEST, num_beams=1,
                              do_sample=False)  # fmt: skip
        for i, row in zip(order[k : k + batch], made.tolist(), strict=True):
            out[i] = decode([x for x in row if x > 1])
    return out


def loops(text):
    """Whether a string of 1 to 40 letters comes four times or more in a row."""
    return re.search(r"(.{2,40}?)\1{3,}", text) is not None


def row(name, direction, sources, references, out):
    """A line of the table. references: per text, all of them."""
    longest = max(map(len, references))
    columns = [[r[i] if i < len(r) else None for r in references] for i in range(longest)]
    bleu, chrf = sacrebleu.corpus_bleu(out, columns).score, sacrebleu.corpus_chrf(out, columns).score
    bad = sum(not text.strip() or loops(text) for text in out)
    return f"| {name} {direction} | {len(sources)} | {bleu:.1f} | {chrf:.1f} | {100 * bad / len(out):.1f} % |"


def kept_lines(direction, count):
    """[(source, string that must come back unchanged)]: numbers, addresses, placeholders, code, names."""
    rng = random.Random(19)
    strings = [kept(rng) for _ in range(count)]
    return [(KEPT_FRAMES[direction][i % 5].format(what), what) for i, what in enumerate(strings)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "cache"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--model", choices=list(STARTERS))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--size", default="m2")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--only-kept", action="store_true", help="only the strings that must come back unchanged")
    parser.add_argument("--show", type=int, default=0, help="also print so many translations of each set")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.model:
        starter = STARTERS[args.model]
        model, tokenizer = read_back(starter), Tokenizer.from_file(str(starter.folder / "tokenizer.json"))
        encode, decode = (lambda text: tokenizer.encode(text).ids), tokenizer.decode
    else:
        model = load_weights(make_model(args.size), args.weights).eval()
        pieces = load_pieces(args.cache / "shards/pieces.model")
        encode, decode = (lambda text: [*pieces.encode(text), 1]), pieces.decode
    texts = sets(args.data, args.cache, args.split, args.count)
    print("| set | texts | BLEU | chrF | loop or empty |\n| --- | --- | --- | --- | --- |")
    for direction in PREFIXES:
        for name, pairs in ({} if args.only_kept else texts).items():
            pairs = [pair if direction == "en-de" else pair[::-1] for pair in pairs]
            items = [(source, [target]) for source, target in pairs]
            out = translate(model, encode, decode, [s for s, _ in items], direction)
            report(name, direction, items, out, args.show)
        items = [] if args.only_kept else test_items(args.data, "dev", direction)[: args.count]
        if items:
            out = translate(model, encode, decode, [s for s, _ in items], direction)
            report("everyday", direction, items, out, args.show)
        lines = kept_lines(direction, args.count // 2)
        out = translate(model, encode, decode, [source for source, _ in lines], direction)
        same = sum(what in text for (_, what), text in zip(lines, out, strict=True))
        print(f"| strings kept {direction} | {len(lines)} | {100 * same / len(lines):.1f} % kept | | |", flush=True)


def report(name, direction, items, out, show):
    print(row(name, direction, [s for s, _ in items], [r for _, r in items], out), flush=True)
    for (source, references), text in list(zip(items, out, strict=True))[:show]:
        print(f"    {source}\n    = {references[0]}\n    > {text}", flush=True)


if __name__ == "__main__":
    main()
