"""Coloured noise in banks. Every split has its own bank, so no noise is shared between them."""

import random

import numpy as np

KINDS = ["white", "pink", "brown", "band", "hum"]
BANK_SEEDS = {"train": 101, "proxy": 202, "dev": 303, "test": 404}
RATE = 16000


def coloured(n, kind, rng):
    """n samples of noise with root mean square 1."""
    x = np.random.default_rng(rng.randrange(2**31)).standard_normal(n)
    spectrum = np.fft.rfft(x)
    f = np.arange(len(spectrum)) + 1.0
    if kind == "pink":
        spectrum /= np.sqrt(f)
    elif kind == "brown":
        spectrum /= np.maximum(f, 60 * n / RATE)
    elif kind == "band":
        centre, width = rng.uniform(0.02, 0.7) * len(f), rng.uniform(0.03, 0.3) * len(f)
        spectrum *= np.exp(-(((f - centre) / width) ** 2))
    elif kind == "hum":
        spectrum /= np.maximum(f, 30 * n / RATE) ** 0.7
    y = np.fft.irfft(spectrum, n)
    return (y / np.sqrt((y**2).mean())).astype(np.float32)


class NoiseBank:
    """60 noises of 12 s, 12 of each kind."""

    def __init__(self, split, size=60, samples=12 * RATE):
        rng = random.Random(BANK_SEEDS[split])
        self.noises = [coloured(samples, KINDS[i % len(KINDS)], rng) for i in range(size)]

    def add(self, wave, snr_db, rng):
        """wave + noise at the given ratio of mean powers, in dB."""
        noise = self.noises[rng.randrange(len(self.noises))]
        start = rng.randrange(len(noise) - len(wave))
        noise = noise[start : start + len(wave)]
        scale = np.sqrt((wave**2).mean() / ((noise**2).mean() + 1e-12) / 10 ** (snr_db / 10))
        return wave + np.float32(scale) * noise


def change_speed(wave, factor, limit=95500):
    """Linear resampling; left alone if the result would not fit the window."""
    n = int(len(wave) / factor)
    if n >= limit:
        return wave
    return np.interp(np.arange(n, dtype=np.float32) * factor, np.arange(len(wave)), wave).astype(np.float32)
