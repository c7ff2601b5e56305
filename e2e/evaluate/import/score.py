"""Word error rate with Whisper's own normalisers: score.py HYPOTHESES.jsonl prompts.tsv [--against OTHER.jsonl]

HYPOTHESES.jsonl: one object a line with `file` as in the table and `text`; of the oracle's files,
`--field withTimestamps` or `--field withoutTimestamps` names the object that holds the text. Per language: WER with
a 95 % interval (2,000 samples of recordings with repetition), substitutions, deletions, insertions, words. With
--against: the difference in points (this − other) with its paired interval, and how many texts differ."""

import argparse
import json
from importlib.resources import files

import jiwer
import numpy as np
from transformers.models.whisper.english_normalizer import BasicTextNormalizer, EnglishTextNormalizer

SAMPLES = 2000


def normalisers():
    spelling = json.loads((files("whisper_normalizer") / "normalizers/english.json").read_text())
    return EnglishTextNormalizer(spelling), BasicTextNormalizer()


def read_texts(path, field):
    rows = (json.loads(line) for line in open(path, encoding="utf-8"))
    return {row["file"]: (row if field is None or field not in row else row[field])["text"] for row in rows}


def counts(reference, hypothesis):
    """[substitutions, deletions, insertions, words of the reference]."""
    if not hypothesis:
        words = len(reference.split())
        return [0, words, 0, words]
    found = jiwer.process_words(reference, hypothesis)
    return [found.substitutions, found.deletions, found.insertions, len(reference.split())]


def rate(table):
    return 100 * table[..., :3].sum(axis=(-1, -2)) / table[..., 3].sum(axis=-1)


def interval(values):
    low, high = np.percentile(values, [2.5, 97.5])
    return f"{low:.2f} to {high:.2f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hypotheses")
    parser.add_argument("references")
    parser.add_argument("--field")
    parser.add_argument("--against")
    arguments = parser.parse_args()
    english, basic = normalisers()
    texts = read_texts(arguments.hypotheses, arguments.field)
    others = read_texts(arguments.against, arguments.field) if arguments.against else texts
    rows = [line.rstrip("\n").split("\t") for line in open(arguments.references, encoding="utf-8")]
    for language in sorted({row[1] for row in rows}):
        clean = english if language == "en" else basic
        chosen = [(clean(text), file) for file, spoken, text in rows if spoken == language]
        chosen = [(text, file) for text, file in chosen if text and file in texts and file in others]
        if not chosen:
            continue
        table = np.array([counts(text, clean(texts[file])) for text, file in chosen])
        picks = np.random.default_rng(1).integers(len(chosen), size=(SAMPLES, len(chosen)))
        s, d, i, words = table.sum(axis=0)
        print(
            f"{language}: {len(chosen)} recordings, {words} words, WER {rate(table):.2f} % "
            f"({interval(rate(table[picks]))}), S {s} D {d} I {i}"
        )
        if arguments.against:
            other = np.array([counts(text, clean(others[file])) for text, file in chosen])
            changed = sum(texts[file] != others[file] for _, file in chosen)
            print(
                f"    against {arguments.against}: {rate(table) - rate(other):+.2f} points "
                f"({interval(rate(table[picks]) - rate(other[picks]))}), {changed} texts differ"
            )


if __name__ == "__main__":
    main()
