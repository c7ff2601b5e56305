"""What `wer-attention`, the proxy of a recogniser, is fitted to and measured on.

Fitted to the recogniser's own greedy output on the proxy split (known voices and digits as they are;
noise, telephone and fast speech). α is chosen on `dev_shifted`, such that plain dev speech loses
nothing, and confirmed on `test_shifted`. Its fourth condition, an unseen voice in noise, is in no
training data at all.
"""

import numpy as np
import torch

from exported import Recogniser, errors_of
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import speech_set
from speech.corpus import SpeechSet
from speech.features import valid_positions

IDENTIFIER, NAME, METRIC, TASK = "wer-attention", "Attention-pooled WER proxy", "wer", "asr"
OPTIONS = {"normalisation": "token", "preconditioning": "covariance", "gate": "predicted-error"}
GRID = (0.05, 0.1, 0.15, 0.2, 0.3)
FIT = {"epochs": 8, "rate": 1e-3, "batch": 64}
TRAINING = {"proxy_known": 1400, "proxy_shifted": 2600}
DEV_FIT = {"dev_known": 120, "dev_shifted": 280}  # the epoch of the fit is chosen on these
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
    f"The recogniser's own greedy output on {TRAINING['proxy_known']:,} and {TRAINING['proxy_shifted']:,} utterances of "
    "the proxy split: Tatoeba English (CC BY 2.0) spoken by known voices and strings of recorded digits (Free Spoken "
    "Digit Dataset, CC BY-SA 4.0) as they are, and speech in hard noise, over a telephone and fast; none of it was used "
    "to train the recogniser."
)


def make_proxy(width):
    size = {160: {"value": 32, "hidden": (64, 32), "inner": 80}, 320: {"value": 48, "hidden": (96, 48), "inner": 160}}
    return AttentionProxy(width, 4, input_layer="gelu", **size[width])


def load(folder, dtype):
    return Recogniser(folder, dtype)


def items(recogniser, speech, count):
    """(valid encoder outputs, min(1, WER)) of the first utterances of a set."""
    states, targets = [], []
    count = min(count, len(speech))
    for k in range(0, count, 32):
        waves = [speech.wave(i) for i in range(k, min(k + 32, count))]
        rows = recogniser.encode(waves)
        errors, words = errors_of(recogniser.decode(rows), [speech.text(k + i) for i in range(len(waves))])
        states += [torch.from_numpy(r[: valid_positions(len(w))].copy()) for r, w in zip(rows, waves)]
        targets += np.minimum(1, errors / words).tolist()
    return states, targets


def fitting_items(recogniser, data, work, share, log):
    out = []
    for sets in (TRAINING, DEV_FIT):
        states, targets = [], []
        for name, count in sets.items():
            part = items(recogniser, SpeechSet(work / "speech", name), int(count * share))
            log(f"{name}: {len(part[0])} utterances, mean target {np.mean(part[1]):.3f}")
            states, targets = states + part[0], targets + part[1]
        out += [states, np.array(targets)]
    return out


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


def plain_sets(recogniser, data, work, split):
    sets = []
    for name, count in PLAIN.items():
        speech = SpeechSet(work / "speech", f"{split}_{name}")
        sets.append(evaluation_set(name, recogniser, speech, range(min(count, len(speech)))))
    return sets
