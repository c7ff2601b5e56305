"""Training windows: utterances laid into a window at known times, in noise, as features and tokens.

Everything is mixed as mel power, which is close to mixing waves and much cheaper: one spectrum per
utterance is computed once and kept beside the set.
"""

from pathlib import Path

import numpy as np
import torch

from speech import acoustics
from speech.corpus import LEVEL, SpeechSet
from speech.features import FLOOR, FRAMES, MELS, mel_power, normalise
from speech.model import END, NO_SPEECH, NO_TIMESTAMPS, START, TEXT_TOKENS, timestamp

SPEECH_POWER = (LEVEL / 32768) ** 2
LONGEST = 88  # tokens


def spectra(folder, name):
    """[(log10 mel power [T, 80] float16, text)] of a set; computed once."""
    speech, path = SpeechSet(folder, name), Path(folder) / f"{name}.mel.npy"
    counts = [m["samples"] // 160 for m in speech.meta]
    if not path.exists():
        parts = []
        for i in range(len(speech)):
            power = mel_power(torch.from_numpy(speech.wave(i)))[:, : counts[i]]
            parts.append(power.clamp(min=FLOOR).log10().T.numpy().astype(np.float16))
        np.save(path.with_suffix(".tmp.npy"), np.concatenate(parts))
        path.with_suffix(".tmp.npy").rename(path)
    values, starts = np.load(path, mmap_mode="r"), np.cumsum([0, *counts])
    return [(values[a:b], speech.text(i)) for i, (a, b) in enumerate(zip(starts, starts[1:]))]


class Windows:
    """An endless stream of training batches. `utterances`: what `spectra` gives."""

    def __init__(self, utterances, tokenizer, rng):
        self.rng, self.order, self.utterances = rng, [], []
        self.add(utterances, tokenizer)
        noises = acoustics.make_noises("train")
        self.noises = [mel_power(torch.from_numpy(n)).T.numpy() for n in noises]

    def add(self, utterances, tokenizer):
        self.utterances += [(mel, tokenizer.encode(" " + text).ids) for mel, text in utterances]

    def draw(self):
        if not self.order:
            self.order = list(range(len(self.utterances)))
            self.rng.shuffle(self.order)
        return self.order.pop()

    def noise(self, snr_db):
        noise = self.noises[self.rng.randrange(len(self.noises))]
        start = self.rng.randrange(len(noise) - FRAMES)
        return noise[start : start + FRAMES] * (SPEECH_POWER / 10 ** (snr_db / 10))

    def window(self):
        """(power [600, 80], prompt and target tokens, text tokens alone)"""
        rng, power = self.rng, np.full((FRAMES, MELS), FLOOR, np.float32)
        timed = rng.random() < 0.5
        if rng.random() < 0.04:
            power += self.noise(rng.uniform(0, 60))
            ids = [START, NO_SPEECH] if timed else [START, NO_TIMESTAMPS]
            return power, [*ids, END], []
        at, ids, text = (rng.randrange(60) if rng.random() < 0.6 else 0), [START], []
        if not timed:
            ids.append(NO_TIMESTAMPS)
        placed = 0
        while True:
            index = self.draw()
            mel, pieces = self.utterances[index]
            if placed and (at + len(mel) > FRAMES or len(ids) + len(pieces) + 3 > LONGEST):
                self.order.append(index)
                break
            at = max(0, min(at, FRAMES - len(mel)))
            end = min(FRAMES, at + len(mel))
            power[at:end] += 10.0 ** mel[: end - at].astype(np.float32) * 10 ** rng.uniform(-0.3, 0.3)
            ids += [timestamp(at / 100), *pieces, timestamp(end / 100)] if timed else pieces
            text += pieces
            placed += 1
            at = end + rng.randrange(5, 70)
            if at > FRAMES - 60 or rng.random() < 0.2:
                break
        if rng.random() < 0.35:
            power += self.noise(rng.uniform(4, 32))
        return power, [*ids, END], text

    def batch(self, count):
        """features [B, 80, 600], inputs [B, L], targets [B, L], text tokens [B][n]"""
        rng = self.rng
        windows = [self.window() for _ in range(count)]
        power = torch.from_numpy(np.stack([w[0] for w in windows])).transpose(1, 2)
        for k in range(count):
            tilt = rng.uniform(-0.8, 0.8) if rng.random() < 0.25 else 0.0
            power[k] *= (10 ** (rng.uniform(-1.0, 0.6) + torch.linspace(-tilt, tilt, MELS)))[:, None]
        mel = normalise(power)
        for k in range(count):
            if rng.random() < 0.25:
                mask_spectrum(mel[k], rng)
        ids = [w[1] for w in windows]
        length = -(-(max(map(len, ids)) - 1) // 16) * 16
        inputs, targets = torch.full((count, length), END), torch.full((count, length), -100)
        for k, row in enumerate(ids):
            inputs[k, : len(row) - 1] = torch.tensor(row[:-1])
            targets[k, : len(row) - 1] = torch.tensor(row[1:])
        # A few wrong pieces in the decoder's input make it listen.
        swap = (torch.rand(inputs.shape) < 0.05) & (inputs < TEXT_TOKENS)
        inputs = torch.where(swap, torch.randint(0, TEXT_TOKENS, inputs.shape), inputs)
        return mel, inputs, targets, [w[2] for w in windows]


def mask_spectrum(mel, rng):
    """One band of mels and two spans of time set to a constant (SpecAugment)."""
    floor, width = mel.min(), rng.randint(0, 12)
    low = rng.randint(0, MELS - width)
    mel[low : low + width] = floor if rng.random() < 0.5 else mel.mean()
    for _ in range(2):
        width = rng.randint(0, 10)
        start = rng.randint(0, FRAMES - width)
        mel[:, start : start + width] = floor
