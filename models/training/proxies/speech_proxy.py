"""What `wer-attention`, the proxy of a recogniser, is fitted to and measured on.

Fitted to the WER of the recogniser's own greedy output on the proxy split and, through the frozen decoder, to what
a step does to log p (`steering`): of the reference for noise, telephone and fast speech, of the recogniser's own
output for speech as it is, which is to be left alone. α is chosen on `dev_shifted`, such that plain dev speech loses
nothing, and confirmed on `test_shifted`. Its fourth condition, an unseen voice in noise, is in no training data at all.
"""

import numpy as np
import torch

from exported import Recogniser, errors_of
from proxies.attention_proxy import AttentionProxy
from proxies.evaluate import speech_set
from proxies.fit import covariance_of, start_standardised
from proxies.reference import Reference
from proxies.steering import Items, fit_steering, together
from speech.corpus import SpeechSet
from speech.features import valid_positions

IDENTIFIER, NAME, METRIC, TASK = "wer-attention", "Attention-pooled WER proxy", "wer", "asr"
OPTIONS = {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error"}
# The larger recogniser handles known speech well: where little error is predicted it is left alone. Not in the fit.
OF_SIZE = {"s": {}, "m": {"gateThreshold": 0.25}}
GRID = (0.06, 0.12, 0.15, 0.2, 0.25, 0.3)
# Runs one after the other, each with its own schedule. More of it did not help: results/perturbation-trials.md.
STEER = {
    "s": ({"size": 0.12, "epochs": 2.2, "rate": 4e-3}, {"size": 0.15, "epochs": 1.9, "rate": 4e-3}),
    "m": ({"size": 0.12, "epochs": 2.5, "rate": 4e-3}, {"size": 0.18, "epochs": 1.5, "rate": 4e-3}),
}
TRAINING = {"s": {"proxy_known": 1600, "proxy_shifted": 5000}, "m": {"proxy_known": 640, "proxy_shifted": 2360}}
LEFT_ALONE = ("proxy_known",)
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
    "recogniser. Fitted to the WER of the output and, through the frozen decoder, to log p of the reference after the "
    "step, for speech as it is of the recogniser's own output."
)


def make_proxy(width):
    size = {160: {"value": 32, "hidden": (64, 32), "inner": 112}, 320: {"value": 48, "hidden": (96, 48), "inner": 160}}
    return AttentionProxy(width, 8, input_layer="gelu", dropout=0.0, **size[width])


def load(folder, dtype):
    return Recogniser(folder, dtype)


def items(recogniser, speech, indices, own=False):
    """Some utterances of a set. own: the wanted text is the recogniser's own output, not the reference."""
    rows, lengths, targets, wanted = [], [], [], []
    for k in range(0, len(indices), 32):
        chosen = indices[k : k + 32]
        waves, references = [speech.wave(i) for i in chosen], [speech.text(i) for i in chosen]
        states = recogniser.encode(waves)
        texts = recogniser.decode(states)
        errors, words = errors_of(texts, references)
        rows += list(torch.from_numpy(states).half())
        lengths += [valid_positions(len(wave)) for wave in waves]
        targets += np.minimum(1, errors / words).tolist()
        # An empty output asks for nothing that could be learnt.
        wanted += [(text if own else "") or reference for text, reference in zip(texts, references)]
    return Items(rows, lengths, targets, wanted)


def fitting_items(recogniser, size, work, share, log):
    """(to fit, to choose the state of the fit by)"""
    parts = []
    for name, count in TRAINING[size].items():
        speech = SpeechSet(work / "speech", name)
        parts.append(items(recogniser, speech, range(int(count * share)), name in LEFT_ALONE))
        log(f"{name}: {len(parts[-1].rows)} utterances, mean target {np.mean(parts[-1].targets):.3f}")
    last = range(len(speech) - FIT_DEV, len(speech))
    return together(parts), items(recogniser, speech, last)


def fitted(starter, data, work, share, seed, log):
    """(proxy, covariance of encoder outputs)"""
    train, dev = fitting_items(load(starter.folder, "fp32"), starter.size, work, share, log)
    real = [row[:n].float() for row, n in zip(train.rows[::8], train.lengths[::8])]
    torch.manual_seed(seed)
    proxy = make_proxy(real[0].shape[1])
    start_standardised(proxy, real)
    log(f"{proxy.count()} parameters, {len(train.rows)} training items")
    covariance = covariance_of(real).float()
    reference = Reference(starter)
    for i, settings in enumerate(STEER[starter.size]):
        fit_steering(
            proxy, train, dev, reference, METRIC, OPTIONS, covariance, **settings, seed=2 * seed + i, log=log
        )
    return proxy, covariance


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
