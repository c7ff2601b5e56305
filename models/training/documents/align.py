"""Which block of a page is the translation of which: dynamic programming over both lists."""

import math
import re

SKIP = 1.6  # cost of a block without a partner
ACCEPTED = 1.4
BAND = 60
ANCHOR = re.compile(r"\d+|[\w./-]*[/_][\w./-]+|\b[A-Z]{2,}\b")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"“”)»]?\s+(?=[\"„“(«]?[A-ZÄÖÜ])")
ABBREVIATED = re.compile(
    r"(?:\b(?:z\.B|z\. B|d\.h|d\. h|u\.a|usw|bzw|ca|etc|e\.g|i\.e|Mr|Mrs|Dr|Nr|St|vs|ggf|evtl|vgl|Abs|[A-Z]|\d))\.$"
)


def cost(a, b):
    (kind, english, _), (other, german, _) = a, b
    c = 0.9 * (kind != other) + 1.6 * abs(math.log((len(german) + 12) / (1.12 * len(english) + 12)))
    left, right = set(ANCHOR.findall(english)), set(ANCHOR.findall(german))
    if left | right:
        c += 0.8 - 1.4 * len(left & right) / len(left | right)
    return c


def align(english, german):
    """[(English, German)] of two lists of blocks (kind, text, id)."""
    n, m = len(english), len(german)
    best, came = {(0, 0): 0.0}, {}
    for i in range(n + 1):
        middle = i * m // max(1, n)
        for j in range(max(0, middle - BAND), min(m, middle + BAND) + 1):
            here = best.get((i, j))
            if here is None:
                continue
            moves = []
            if i < n and j < m:
                moves.append((i + 1, j + 1, cost(english[i], german[j])))
            moves += [(i + 1, j, SKIP)] if i < n else []
            moves += [(i, j + 1, SKIP)] if j < m else []
            for k, l, c in moves:
                if here + c < best.get((k, l), math.inf):
                    best[k, l], came[k, l] = here + c, (i, j, c)
    at, out = (n, m), []
    while at in came:
        i, j, c = came[at]
        if (i + 1, j + 1) == at and c < ACCEPTED:
            out.append((english[i][1], german[j][1]))
        at = (i, j)
    return out[::-1]


def sentences(text):
    out = []
    for part in SENTENCE_END.split(text):
        if out and ABBREVIATED.search(out[-1]):
            out[-1] += " " + part
        else:
            out.append(part)
    return out


def pieces(english, german):
    """[(English, German)] of a paragraph: sentence by sentence where both have as many and their lengths fit, else
    the paragraph; short paragraphs of several sentences also as they are."""
    left, right = sentences(english), sentences(german)
    if len(left) != len(right) or len(left) == 1:
        return [(english, german)]
    fits = all(abs(math.log((len(b) + 12) / (1.12 * len(a) + 12))) < 0.6 for a, b in zip(left, right, strict=True))
    whole = [(english, german)] if len(english) < 350 else []
    return [*zip(left, right, strict=True), *whole] if fits else [(english, german)]
