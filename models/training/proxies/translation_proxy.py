"""What `chrf-attention`, the proxy of a translator, is fitted to and measured on; both directions in one.

Fitted to the translator's own greedy output on the proxy split and, through the frozen decoder, to what a step does
to log p(reference): `steer.py`. Texts are shifted (lower case, no punctuation, typing errors), as they are, and
several sentences in a row. α is chosen on shifted dev text, such that
plain and long dev text loses nothing, and confirmed on the test split.
"""

import numpy as np
import torch

from exported import Translator
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import chrf, translation_set
from proxies.steer import Items, Round, together
from text.sentences import test_items
from text.shifts import KINDS, joined, shifted
from translation.model import PREFIXES

IDENTIFIER, NAME, METRIC, TASK = "chrf-attention", "Attention-pooled chrF proxy", "chrf", "translation"
OPTIONS = {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error"}
# α, and thresholds of the gate
GRIDS = dict.fromkeys(("s", "m"), ((0.4, 0.6, 0.8), (0.6, 0.65, 0.7)))
FIT = {"alpha": 0.25, "rate": 3e-3, "rows": 48, "positions": 1950}
ROUNDS = {"s": (Round(**FIT, steps=400, score_weight=0.3),), "m": (Round(**FIT, steps=300, score_weight=1.0),)}
# Items of the fit, per direction. "long shifted" is several sentences in a row, then shifted.
ITEMS = {
    "s": {"shifted": 12000, "clean": 4000, "long": 1000, "long shifted": 400},
    "m": {"shifted": 3500, "clean": 1500, "long": 400, "long shifted": 200},
}
LEFT_ALONE = ("clean", "long")
DEV_FIT = 300
# Items of an evaluation set, per direction; the last of dev are for the fit.
HARD = {"dev": slice(0, 700)}
PLAIN = {"dev": slice(0, -DEV_FIT)}
EACH_LONG = 80
SHIFT_SEEDS = {"proxy": 31, "dev": 32}
HEADLINE = "all"
LICENCE = "CC-BY-2.0"
MASK_MEANING = "the tokenizer's attention mask, </s> included"
CONDITION = (
    "Tatoeba English to German and German to English with the source lower-cased, without punctuation and with typing "
    "errors; greedy; gain in mean sentence chrF. Unchanged: to German {en-de}, to English {de-en}; three to five "
    "sentences in a row: {long en-de}, {long de-en}"
)
COUNTS = {size: 2 * sum(counts.values()) for size, counts in ITEMS.items()}
TRAINING_DATA = (
    f"The model's own greedy output and the references of {COUNTS['s']:,} texts ({COUNTS['m']:,} for the larger model) of "
    "the proxy split of Tatoeba (CC BY 2.0) that it was not trained on, half per direction: with lower case, no "
    "punctuation and typing errors, as they are, and three to five sentences in a row (some of these shifted as well). "
    "Fitted to the chrF of the output and, through the frozen decoder, to log p after the step: of the reference for "
    "shifted texts, of the model's own output for the others."
)


def make_proxy(width):
    size = {128: {"inner": 128, "value": 32, "hidden": (64, 32)}, 256: {"inner": 256, "value": 64, "hidden": (128, 64)}}
    return AttentionProxy(width, 4, input_layer="gelu", dropout=0.1, **size[width])


def load(folder, dtype):
    return Translator(folder, dtype)


def errors_by(translator):
    """`errors` of `steer.Loss`: 1 is 10 points of chrF of the greedy output, about a wrong word of ten."""

    def errors(states, mask, references):
        texts = translator.decode(states, mask)
        return [10 - chrf(text, [reference]) / 10 for text, reference in zip(texts, references, strict=True)]

    return errors


def items(translator, direction, rows, own=False):
    """The texts of `rows`, in their order. own: the wanted text is the model's own output, not the reference."""
    states, scores = [None] * len(rows), np.zeros(len(rows))
    wanted = [references[0] for _, references in rows]
    for indices, ids in translator.batches([(direction, source) for source, _ in rows]):
        encoded, mask = translator.encode(ids)
        for i, row, text in zip(indices, encoded, translator.decode(encoded, mask)):
            states[i], scores[i] = torch.from_numpy(row).half(), chrf(text, rows[i][1])
            wanted[i] = text if own else wanted[i]
    return Items(states, [len(s) for s in states], scores.tolist(), wanted, [[] for _ in rows])


def fitting_items(translator, size, data, work, share, log, kinds=KINDS):
    """(to fit, to choose the state of the fit by). kinds: of the shift."""
    train, dev, seed, counts = [], [], SHIFT_SEEDS["proxy"], ITEMS[size]
    for direction in PREFIXES:
        every, last = test_items(data, "proxy", direction), test_items(data, "dev", direction)[-DEV_FIT:]
        parts = {
            "shifted": shifted(every[-counts["shifted"] :], seed, kinds),
            "clean": every[: counts["clean"]],
            "long": joined(every[counts["clean"] :], counts["long"], 3, 5, seed),
            "long shifted": shifted(joined(every[::-1], counts["long shifted"], 3, 5, seed), seed, kinds),
            "dev": shifted(last, SHIFT_SEEDS["dev"], kinds),
        }
        for name, part in parts.items():
            got = items(translator, direction, part[: int(len(part) * share)], own=name in LEFT_ALONE)
            log(f"{direction} {name}: {len(got)} texts, mean chrF {np.mean(got.scores):.2f}")
            (dev if name == "dev" else train).append(got)
    return together(train), together(dev)


def evaluation_set(name, translator, direction, rows):
    return translation_set(name, translator, [(direction, source) for source, _ in rows], [r for _, r in rows])


def hard_sets(translator, data, work, split):
    rows = {d: shifted(test_items(data, split, d)[HARD[split]], SHIFT_SEEDS[split]) for d in PREFIXES}
    return [evaluation_set(f"shifted {d}", translator, d, rows[d]) for d in PREFIXES]


def in_domain(plain):
    """Of the plain sets those that must lose nothing: the model was not trained on several sentences in a row."""
    return [data for data in plain if not data.name.startswith("long")]


def plain_sets(translator, data, work, split):
    sets = [evaluation_set(d, translator, d, test_items(data, split, d)[PLAIN[split]]) for d in PREFIXES]
    for d in PREFIXES:
        rows = joined(test_items(data, split, d)[PLAIN[split]], EACH_LONG, 3, 5, SHIFT_SEEDS[split])
        sets.append(evaluation_set(f"long {d}", translator, d, rows))
    return sets
