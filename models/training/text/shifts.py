"""Text unlike that of the training split: shifted, and several sentences in a row."""

import random
import re

KINDS = ("flat", "typing")  # of a shift; both together unless said otherwise
WORD = re.compile(r"(?:[^\W_]|')+")


def flat(sentence):
    """Lower case, no punctuation."""
    return " ".join("".join(c if c.isalnum() or c in "' " else " " for c in sentence.lower()).split())


def mistyped(word, rng):
    """In 30 % of the words of four letters or more one typing error: two letters swapped, one dropped, one doubled or
    one replaced."""
    if len(word) < 4 or rng.random() >= 0.3:
        return word
    k = rng.randrange(len(word) - 1)
    return rng.choice(
        [
            word[:k] + word[k + 1] + word[k] + word[k + 2 :],
            word[:k] + word[k + 1 :],
            word[:k] + word[k] + word[k:],
            word[:k] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[k + 1 :],
        ]
    )


def shift(sentence, rng, kinds=KINDS):
    """`flat`, or `mistyped` word by word, or one after the other."""
    if "flat" in kinds:
        sentence = flat(sentence)
    return WORD.sub(lambda word: mistyped(word[0], rng), sentence) if "typing" in kinds else sentence


def shifted(items, seed, kinds=KINDS):
    """[(source, references)] with shifted sources. A source of which nothing is left stays."""
    rng = random.Random(seed)
    return [(shift(source, rng, kinds) or source, references) for source, references in items]


def joined(items, count, low, high, seed):
    """`count` items of `low` to `high` sentences in a row, with the first reference of each."""
    rng, out, at = random.Random(seed), [], 0
    for _ in range(count):
        n = rng.randint(low, high)
        part = [items[(at + k) % len(items)] for k in range(n)]
        at += n
        out.append((" ".join(source for source, _ in part), [" ".join(references[0] for _, references in part)]))
    return out
