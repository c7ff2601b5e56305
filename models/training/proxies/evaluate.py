"""What a proxy does to the output of exported models: gain, controls, correlation.

`quality` of a sample is a pair (good, weight); the metric of a set is Σ good / Σ weight. For speech
good = −100 · word errors and weight = words, for translation good = chrF and weight = 1. A gain is
therefore in WER points or chrF points, and positive is better.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from sacrebleu.metrics import CHRF
from scipy import stats

from export.check import session
from exported import errors_of
from speech.features import POSITIONS, valid_positions

_chrf = CHRF()


def chrf(hypothesis, references):
    """Sentence chrF against the nearest reference."""
    return _chrf.sentence_score(hypothesis, references[:3]).score


@dataclass
class EvaluationSet:
    """Encoder outputs of a set in batches (indices, states, mask), its references and its plain output."""

    name: str
    metric: str
    references: list
    batches: list
    decoder: object  # (states, mask, beams) -> texts
    beams: int = 1
    plain: list = field(default_factory=list)

    def decode(self, change=None):
        """The texts after a change (states, mask) -> states. What it leaves as it is has the plain text."""
        out = list(self.plain) or [""] * len(self.references)
        for indices, states, mask in self.batches:
            rows = np.arange(len(states))
            if change:
                changed = change(states, mask)
                rows = rows[(changed != states).any((1, 2))]
                states = changed
            if len(rows):
                for row, text in zip(rows, self.decoder(states[rows], mask[rows], self.beams)):
                    out[indices[row]] = text
        return out

    def searched(self, beams):
        """The same inputs with another search."""
        return replace(self, beams=beams, plain=[]).prepare()

    def quality(self, texts):
        """[N, 2] of (good, weight)"""
        if self.metric == "chrf":
            return np.array([(chrf(t, r), 1.0) for t, r in zip(texts, self.references, strict=True)])
        errors, words = errors_of(texts, self.references)
        return np.stack([-100.0 * errors, words], 1)

    def prepare(self):
        self.plain = self.decode()
        self.plain_quality = self.quality(self.plain)
        return self

    def targets(self):
        """What the proxy predicts: min(1, WER) or chrF of the plain output."""
        good, weight = self.plain_quality.T
        return good if self.metric == "chrf" else np.minimum(1, -good / 100 / weight)


def speech_set(name, recogniser, waves, references):
    batches = []
    for k in range(0, len(waves), 32):
        part = waves[k : k + 32]
        mask = np.zeros((len(part), POSITIONS), np.int64)
        for row, wave in zip(mask, part):
            row[: valid_positions(len(wave))] = 1
        batches.append((range(k, k + len(part)), recogniser.encode(part), mask))
    return EvaluationSet(name, "wer", references, batches, lambda states, _, beams: recogniser.decode(states, beams)).prepare()


def translation_set(name, translator, texts, references):
    batches = [(indices, *translator.encode(ids)) for indices, ids in translator.batches(texts)]
    return EvaluationSet(name, "chrf", references, batches, translator.decode).prepare()


class Proxy:
    """An exported proxy.onnx; α may be negative (the wrong sign)."""

    def __init__(self, path):
        self.session = session(Path(path))

    def run(self, states, mask, alpha):
        feed = {"encoder_hidden_states": states, "attention_mask": mask, "alpha": np.array([alpha], np.float32)}
        return self.session.run(None, feed)

    def scores(self, data):
        out = np.zeros(len(data.references))
        for indices, states, mask in data.batches:
            out[list(indices)] = self.run(states, mask, 0)[1]
        return out

    def along(self, alpha):
        return lambda states, mask: self.run(states, mask, alpha)[0]

    def random(self, alpha, seed, covariance=None):
        """Random directions with, at every position, the norm of the proxy's own step."""
        rng = np.random.default_rng(seed)

        def change(states, mask):
            step = self.run(states, mask, alpha)[0] - states
            noise = rng.standard_normal(states.shape).astype(np.float32)
            if covariance is not None:
                noise = noise @ covariance
            noise /= np.linalg.norm(noise, axis=-1, keepdims=True)
            return states + noise * np.linalg.norm(step, axis=-1, keepdims=True)

        return change


def interval(before, after, rounds=2000, seed=0, digits=3):
    """Gain of the pooled samples and its 95 % paired bootstrap interval: [gain, low, high].
    rounds 0: [gain] alone."""
    gain = lambda i: (after[i, 0].sum() - before[i, 0].sum()) / before[i, 1].sum()
    rng, n = np.random.default_rng(seed), len(before)
    draws = [gain(rng.integers(0, n, n)) for _ in range(rounds)]
    ends = np.percentile(draws, [2.5, 97.5]) if rounds else ()
    return [round(float(x), digits) for x in (gain(slice(None)), *ends)]


def gains(sets, change, rounds=2000):
    """Gain of every set and of all of them pooled: {name: [gain, low, high]}."""
    before, after, out = [], [], {}
    for data in sets:
        quality = data.quality(data.decode(change))
        out[data.name] = interval(data.plain_quality, quality, rounds)
        before.append(data.plain_quality)
        after.append(quality)
    if len(sets) > 1:
        out["all"] = interval(np.concatenate(before), np.concatenate(after), rounds)
    return out


def correlations(sets, proxy):
    """Pearson and Spearman of predicted and true metric, of every set and pooled."""
    pairs = [(proxy.scores(d), d.targets()) for d in sets]
    if len(pairs) > 1:
        pairs.append(tuple(np.concatenate(x) for x in zip(*pairs)))
    names = [d.name for d in sets] + ["all"]
    return {
        n: {"pearson": round(float(stats.pearsonr(a, b)[0]), 3), "spearman": round(float(stats.spearmanr(a, b)[0]), 3)}
        for n, (a, b) in zip(names, pairs)
    }


def metric_of(sets):
    return {d.name: round(float(d.plain_quality[:, 0].sum() / d.plain_quality[:, 1].sum()), 3) for d in sets}

