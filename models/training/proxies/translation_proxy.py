"""What `chrf-attention`, the proxy of a translator, is fitted to and measured on; both directions in one.

Fitted to the translator's own greedy output on the proxy split and, through the frozen decoder, to what a step does
to log p(reference): `steer.py`. Texts are shifted (lower case, no punctuation, typing errors), as they are, and
several sentences in a row. α is chosen on shifted dev text, such that
plain and long dev text loses nothing, and confirmed on the test split.
"""

import numpy as np
import torch

from export.read_back import read_back
from export.wrappers import T5Decoder
from exported import Translator
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import chrf, translation_set
from proxies.fit import covariance_of, start_standardised
from proxies.steer import Items, steer, together
from text.sentences import test_items
from text.shifts import joined, shifted
from translation.model import END, PREFIXES

IDENTIFIER, NAME, METRIC, TASK = "chrf-attention", "Attention-pooled chrF proxy", "chrf", "translation"
OPTIONS = {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error", "gateThreshold": 0.6}
OF_SIZE = {"s": {}, "m": {}}
GRID = (0.1, 0.2, 0.4, 0.6)
STEER = {
    "s": {"alpha": 0.25, "score_weight": 0.3, "steps": 1000, "rate": 3e-3, "rows": 48, "positions": 1950},
    "m": {"alpha": 0.25, "score_weight": 1.0, "steps": 750, "rate": 3e-3, "rows": 48, "positions": 1950},
}
# Items of the fit, per direction. "long shifted" is several sentences in a row, then shifted.
ITEMS = {
    "s": {"shifted": 12000, "clean": 4000, "long": 1000, "long shifted": 400},
    "m": {"shifted": 3500, "clean": 1500, "long": 400, "long shifted": 200},
}
LEFT_ALONE = ("clean", "long")
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


def items(translator, direction, rows, own=False):
    """The texts of `rows`, in their order. own: the wanted text is the model's own output, not the reference."""
    states, scores = [None] * len(rows), np.zeros(len(rows))
    wanted = [translator.tokenizer.encode(references[0]).ids for _, references in rows]
    for indices, ids in translator.batches([(direction, source) for source, _ in rows]):
        encoded, mask = translator.encode(ids)
        for i, row, output in zip(indices, encoded, translator.token_ids(encoded, mask)):
            text = translator.tokenizer.decode(output)
            states[i], scores[i] = torch.from_numpy(row.copy()), chrf(text, rows[i][1])
            wanted[i] = [*output, END] if own else wanted[i]
    return Items(states, scores, [torch.tensor(ids) for ids in wanted])


def fitting_items(translator, data, counts, share, log):
    """(to fit, to look at while fitting)"""
    train, dev, seed = [], [], SHIFT_SEEDS["proxy"]
    for direction in PREFIXES:
        rows, last = test_items(data, "proxy", direction), test_items(data, "dev", direction)[-DEV_FIT:]
        parts = {
            "shifted": shifted(rows[-counts["shifted"] :], seed),
            "clean": rows[: counts["clean"]],
            "long": joined(rows[counts["clean"] :], counts["long"], 3, 5, seed),
            "long shifted": shifted(joined(rows[::-1], counts["long shifted"], 3, 5, seed), seed),
            "dev": last[: DEV_FIT // 3] + shifted(last[DEV_FIT // 3 :], SHIFT_SEEDS["dev"]),
        }
        for name, part in parts.items():
            got = items(translator, direction, part[: int(len(part) * share)], own=name in LEFT_ALONE)
            log(f"{direction} {name}: {len(got)} texts, mean chrF {got.scores.mean():.2f}")
            (dev if name == "dev" else train).append(got)
    return together(train), together(dev)


def fitted(starter, data, work, share, seed, log):
    """(proxy, covariance of encoder outputs)"""
    train, dev = fitting_items(load(starter.folder, "fp32"), data, ITEMS[starter.size], share, log)
    decoder = T5Decoder(read_back(starter).requires_grad_(False), cached=False).eval()
    torch.manual_seed(seed)
    proxy = make_proxy(train.states[0].shape[1])
    start_standardised(proxy, train.states)
    log(f"{proxy.count()} parameters, {len(train)} training items")
    covariance = covariance_of(train.states).float()
    settings = STEER[starter.size] | {"seed": seed, "log": log}
    # The fit has the gate open further than it is in use: every text says something about the direction.
    options = OPTIONS | {"gateThreshold": 0}
    return steer(proxy, decoder, train, dev, METRIC, options, covariance, **settings), covariance


def evaluation_set(name, translator, direction, rows, beams=1):
    texts = [(direction, source) for source, _ in rows]
    return translation_set(name, translator, texts, [references for _, references in rows], beams)


def hard_sets(translator, data, work, split, beams=1, each=None):
    """each: fewer items per direction."""
    seed = SHIFT_SEEDS[split]
    return [
        evaluation_set(
            f"shifted {d}", translator, d, shifted(test_items(data, split, d)[EACH[split]], seed)[:each], beams
        )
        for d in PREFIXES
    ]


def plain_sets(translator, data, work, split, beams=1, each=None):
    sets = [evaluation_set(d, translator, d, test_items(data, split, d)[EACH[split]][:each], beams) for d in PREFIXES]
    for d in PREFIXES:
        rows = joined(test_items(data, split, d)[AFTER[split]], EACH_LONG, 3, 5, SHIFT_SEEDS[split])
        sets.append(evaluation_set(f"long {d}", translator, d, rows, beams))
    return sets
