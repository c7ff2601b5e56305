"""What `wer-attention`, the proxy of a recogniser, is fitted to and measured on.

Fitted to the WER of the recogniser's own greedy output on the proxy split and, through the frozen decoder, to what
a step does to log p (`steer.py`): of the reference for noise, telephone and fast speech, of the recogniser's own
output for speech as it is, which is to be left alone. α is chosen on `dev_shifted`, such that plain dev speech loses
nothing, and confirmed on `test_shifted`. Its fourth condition, an unseen voice in noise, is in no training data at all.
"""

import numpy as np
import torch

from exported import Recogniser, errors_of
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import speech_set
from proxies.steer import Items, Round, together
from speech.corpus import SpeechSet
from speech.features import valid_positions
from speech.model import word_errors

IDENTIFIER, NAME, METRIC, TASK = "wer-attention", "Attention-pooled WER proxy", "wer", "asr"
OPTIONS = {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error"}
# α, and thresholds of the gate
GRIDS = {"s": ((0.2, 0.25, 0.3, 0.4), (0, 0.4, 0.5, 0.6)), "m": ((0.25, 0.4, 0.55), (0.15, 0.25, 0.35))}
FIT = {"score_weight": 0.3, "rows": 32, "positions": 8000}
ROUNDS = {
    "s": (Round(alpha=0.12, steps=300, rate=4e-3, **FIT), Round(alpha=0.25, steps=150, rate=2e-3, kappa=0.5, **FIT)),
    "m": (Round(alpha=0.12, steps=230, rate=4e-3, **FIT), Round(alpha=0.25, steps=90, rate=2e-3, kappa=0.5, **FIT)),
}
TRAINING = {"s": {"proxy_known": 1600, "proxy_shifted": 5000}, "m": {"proxy_known": 640, "proxy_shifted": 2360}}
LEFT_ALONE = ("proxy_known",)
BEAMS = 4  # of the hypotheses
FIT_DEV = 200  # last utterances of proxy_shifted: the state of the fit is chosen on these
PLAIN = {"known": 400, "digits": 200}
HARD = {"noise -10..5 dB": "noise", "telephone": "telephone", "fast": "fast", "noise 0..10 dB": "unseen voice in noise"}
EACH = 160  # utterances of every hard condition
HEADLINE = "all"
LICENCE = "CC-BY-SA-4.0"
MASK_MEANING = "positions of real audio, min(300, ceil(samples / 320)) at 16 kHz; the decoder sees the padding too"
CONDITION = (
    "English, synthesised voices: noise at -10..5 dB, telephone, fast speech, an unseen voice at 0..10 dB; greedy; gain "
    "in WER points over all. Without such effects: {known}; recorded digits {digits}"
)
TRAINING_DATA = (
    "The recogniser's own greedy output and the references of utterances of the proxy split: Tatoeba English (CC BY 2.0) "
    f"spoken by known voices as it is ({TRAINING['s']['proxy_known']:,} for the small recogniser, "
    f"{TRAINING['m']['proxy_known']:,} for the larger) and in hard noise, over a telephone and fast "
    f"({TRAINING['s']['proxy_shifted']:,} and {TRAINING['m']['proxy_shifted']:,}); none of it was used to train the "
    "recogniser. Fitted to the WER of the output and, through the frozen decoder, to what its step does: to log p of the "
    "reference and the expected word errors of the texts of four beams, for speech as it is to log p of the recogniser's "
    "own output."
)


def make_proxy(width):
    size = {160: {"value": 32, "hidden": (64, 32), "inner": 112}, 320: {"value": 48, "hidden": (96, 48), "inner": 160}}
    return AttentionProxy(width, 8, input_layer="gelu", dropout=0.0, **size[width])


def load(folder, dtype):
    return Recogniser(folder, dtype)


def errors_by(recogniser):
    """`errors` of `steer.Loss`: word errors of the greedy output."""
    return lambda states, _, references: errors_of(recogniser.decode(states), references)[0].tolist()


def hypotheses(recogniser, states, references):
    """[[(text, word errors)]]: of every utterance the different texts of `BEAMS` beams, without the reference"""
    out = []
    for found, reference in zip(recogniser.best(states, BEAMS), references, strict=True):
        texts = dict.fromkeys(text for _, text in found if text != reference)
        out.append([(text, word_errors(reference, text)[0]) for text in texts])
    return out


def items(recogniser, speech, indices, own=False):
    """Some utterances of a set. own: the wanted text is the recogniser's own output, not the reference."""
    states, lengths, scores, wanted, found = [], [], [], [], []
    for k in range(0, len(indices), 32):
        chosen = indices[k : k + 32]
        waves, references = [speech.wave(i) for i in chosen], [speech.text(i) for i in chosen]
        encoded = recogniser.encode(waves)
        texts = recogniser.decode(encoded)
        errors, words = errors_of(texts, references)
        states += list(torch.from_numpy(encoded).half())
        lengths += [valid_positions(len(wave)) for wave in waves]
        scores += np.minimum(1, errors / words).tolist()
        # An empty output asks for nothing that could be learnt.
        wanted += [(text if own else "") or reference for text, reference in zip(texts, references)]
        found += [[] for _ in texts] if own else hypotheses(recogniser, encoded, references)
    return Items(states, lengths, scores, wanted, found)


def fitting_items(recogniser, size, data, work, share, log):
    """(to fit, to choose the state of the fit by)"""
    parts = []
    for name, count in TRAINING[size].items():
        speech = SpeechSet(work / "speech", name)
        parts.append(items(recogniser, speech, range(int(count * share)), name in LEFT_ALONE))
        log(f"{name}: {len(parts[-1])} utterances, mean WER {np.mean(parts[-1].scores):.3f}")
    last = range(len(speech) - FIT_DEV, len(speech))
    return together(parts), items(recogniser, speech, last)


def evaluation_set(name, recogniser, speech, indices):
    waves = [speech.wave(i) for i in indices]
    return speech_set(name, recogniser, waves, [speech.text(i) for i in indices])


def hard_sets(recogniser, data, work, split):
    speech = SpeechSet(work / "speech", f"{split}_shifted")
    sets = []
    for condition, name in HARD.items():
        indices = [i for i, m in enumerate(speech.meta) if m["condition"].startswith(condition)]
        sets.append(evaluation_set(name, recogniser, speech, indices[:EACH]))
    return sets


def in_domain(plain):
    """Of the plain sets those that must lose nothing."""
    return plain


def plain_sets(recogniser, data, work, split):
    sets = []
    for name, count in PLAIN.items():
        speech = SpeechSet(work / "speech", f"{split}_{name}")
        sets.append(evaluation_set(name, recogniser, speech, range(min(count, len(speech)))))
    return sets
