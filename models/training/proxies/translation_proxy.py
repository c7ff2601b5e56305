"""What `chrf-attention`, the proxy of a translator, is fitted to and measured on; both directions in one.

Fitted to the translator's own greedy output on the proxy split, as it is, shifted (lower case, no
punctuation, typing errors) and several sentences in a row. α is chosen on shifted dev text, such that
plain and long dev text loses nothing, and confirmed on the test split.
"""

import numpy as np
import torch

from exported import Translator
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import chrf, translation_set
from text.sentences import test_items
from text.shifts import joined, shifted
from translation.model import PREFIXES

IDENTIFIER, NAME, METRIC, TASK = "chrf-attention", "Attention-pooled chrF proxy", "chrf", "translation"
OPTIONS = {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error"}
GRID = (0.05, 0.1, 0.15, 0.25, 0.4)
FIT = {"epochs": 8, "rate": 1e-3, "batch": 128}
CLEAN, SHIFTED, LONG = 1500, 4100, 400  # items of the fit, per direction
DEV_FIT = 300
# Items of an evaluation set, per direction. The first 600 of test were looked at before: results/README.md.
EACH = {"dev": slice(0, 1000), "test": slice(600, 1200)}
AFTER = {"dev": slice(0, 1000), "test": slice(1200, None)}  # what the long items are made of
EACH_LONG = 80
SHIFT_SEEDS = {"proxy": 31, "dev": 32, "test": 41}
HEADLINE = "all"
LICENCE = "CC-BY-2.0"
MASK_MEANING = "the tokenizer's attention mask, </s> included"
CONDITION = (
    "Tatoeba English to German and German to English with the source lower-cased, without punctuation and with typing "
    "errors; greedy; gain in mean sentence chrF. Unchanged: to German {en-de}, to English {de-en}; three to five "
    "sentences in a row: {long en-de}, {long de-en}"
)
TRAINING_DATA = (
    f"The model's own greedy output on {2 * (CLEAN + SHIFTED + LONG):,} texts of the proxy split of Tatoeba (CC BY 2.0) "
    "that it was not trained on, half per direction: as they are, with lower case, no punctuation and typing errors, "
    "and three to five sentences in a row."
)


def make_proxy(width):
    size = {128: {"value": 32, "hidden": (64, 32)}, 256: {"value": 64, "hidden": (128, 64)}}
    return AttentionProxy(width, 4, input_layer="standardise", dropout=0.2, **size[width])


def load(folder, dtype):
    return Translator(folder, dtype)


def items(translator, direction, rows):
    """(encoder outputs, chrF of the plain translation) of every item."""
    states, scores = [None] * len(rows), np.zeros(len(rows))
    for indices, ids in translator.batches([(direction, source) for source, _ in rows]):
        encoded, mask = translator.encode(ids)
        for i, row, text in zip(indices, encoded, translator.decode(encoded, mask)):
            states[i], scores[i] = torch.from_numpy(row.copy()), chrf(text, rows[i][1])
    return states, scores


def fitting_items(translator, data, work, share, log):
    train, dev = ([], []), ([], [])
    for direction in PREFIXES:
        rows = test_items(data, "proxy", direction)
        long = rows[: 4 * LONG]
        parts = {
            "clean": rows[4 * LONG :][:CLEAN],
            "shifted": shifted(rows[4 * LONG + CLEAN :][:SHIFTED], SHIFT_SEEDS["proxy"]),
            "long": joined(long, LONG, 3, 5, SHIFT_SEEDS["proxy"]),
        }
        last = test_items(data, "dev", direction)[-DEV_FIT:]
        parts["dev"] = last[: DEV_FIT // 3] + shifted(last[DEV_FIT // 3 :], SHIFT_SEEDS["dev"])
        for name, part in parts.items():
            part = part[: int(len(part) * share)]
            states, scores = items(translator, direction, part)
            log(f"{direction} {name}: {len(part)} texts, mean chrF {scores.mean():.2f}")
            goal = dev if name == "dev" else train
            goal[0].extend(states)
            goal[1].extend(scores.tolist())
    return [train[0], np.array(train[1]), dev[0], np.array(dev[1])]


def evaluation_set(name, translator, direction, rows):
    texts = [(direction, source) for source, _ in rows]
    return translation_set(name, translator, texts, [references for _, references in rows])


def hard_sets(translator, data, work, split):
    seed = SHIFT_SEEDS[split]
    return [
        evaluation_set(f"shifted {d}", translator, d, shifted(test_items(data, split, d)[EACH[split]], seed))
        for d in PREFIXES
    ]


def plain_sets(translator, data, work, split):
    sets = [evaluation_set(d, translator, d, test_items(data, split, d)[EACH[split]]) for d in PREFIXES]
    for d in PREFIXES:
        rows = joined(test_items(data, split, d)[AFTER[split]], EACH_LONG, 3, 5, SHIFT_SEEDS[split])
        sets.append(evaluation_set(f"long {d}", translator, d, rows))
    return sets
