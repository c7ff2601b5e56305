"""Noise, rooms and lines. Every split has its own noises and rooms, drawn from its own seed."""

import random
import subprocess

import numpy as np
from scipy.signal import fftconvolve, resample_poly

RATE = 16000
SEEDS = {"train": 101, "proxy": 202, "dev": 303, "test": 404, "perturbation": 505}
KINDS = ["white", "pink", "brown", "band", "hum", "crackle"]


def normals(count, rng):
    return np.random.default_rng(rng.randrange(2**31)).standard_normal(count)


def coloured(count, kind, rng):
    """`count` samples of noise with root mean square 1."""
    x = normals(count, rng)
    if kind == "crackle":
        x *= np.abs(normals(count, rng)) ** 3 * (normals(count, rng) > 1.5)
    spectrum = np.fft.rfft(x)
    f = np.arange(len(spectrum)) + 1.0
    if kind in ("pink", "crackle"):
        spectrum /= np.sqrt(f)
    elif kind == "brown":
        spectrum /= np.maximum(f, 60 * count / RATE)
    elif kind == "band":
        centre, width = rng.uniform(0.02, 0.7) * len(f), rng.uniform(0.03, 0.3) * len(f)
        spectrum *= np.exp(-(((f - centre) / width) ** 2))
    elif kind == "hum":
        spectrum /= np.maximum(f, 30 * count / RATE) ** 0.7
        teeth = np.round(np.arange(1, 12) * rng.choice([50, 60, 100]) * count / RATE).astype(int)
        spectrum[teeth[teeth < len(f)]] *= 40
    y = np.fft.irfft(spectrum, count)
    return (y / np.sqrt((y**2).mean())).astype(np.float32)


def make_noises(split, size=72, seconds=12):
    rng = random.Random(SEEDS[split])
    return [coloured(seconds * RATE, KINDS[i % len(KINDS)], rng) for i in range(size)]


def make_rooms(split, size=60):
    """Impulse responses: the direct sound, a few reflections and a decaying tail (60 dB in 0.1–0.7 s)."""
    rng, out = random.Random(SEEDS[split] + 1), []
    for _ in range(size):
        decay, direct = rng.uniform(0.1, 0.7), rng.uniform(0.5, 2.5)
        n = int(decay * RATE)
        tail = normals(n, rng) * 10 ** (-3 * np.arange(n) / n)
        tail[: int(0.003 * RATE)] = 0
        for _ in range(rng.randint(2, 6)):
            tail[rng.randint(int(0.003 * RATE), int(0.04 * RATE))] += rng.uniform(2, 6) * rng.choice([-1, 1])
        response = tail / np.sqrt((tail**2).sum())
        response[0] = direct
        out.append((response / np.abs(response).max()).astype(np.float32))
    return out


def in_room(wave, room):
    """The wave in the room, cut to its length and at its power."""
    wet = fftconvolve(wave, room)[: len(wave)]
    return (wet * np.sqrt((wave**2).mean() / ((wet**2).mean() + 1e-9))).astype(np.float32)


def add_noise(wave, noise, snr_db, rng):
    """wave + noise at the given ratio of mean powers, in dB."""
    start = rng.randrange(len(noise) - len(wave))
    noise = noise[start : start + len(wave)]
    scale = np.sqrt((wave**2).mean() / ((noise**2).mean() + 1e-12) / 10 ** (snr_db / 10))
    return (wave + scale * noise).astype(np.float32)


def resample_by(wave, factor):
    """Played `factor` times as fast: tempo, pitch and formants all move."""
    n = int(len(wave) / factor)
    return np.interp(np.arange(n) * factor, np.arange(len(wave)), wave).astype(np.float32)


def narrow(wave):
    """What is left of the wave at 8 kHz."""
    return resample_poly(resample_poly(wave, 1, 2), 2, 1)[: len(wave)].astype(np.float32)


def through_ffmpeg(waves, encode, decode=()):
    """All waves through one codec. They are joined with gaps, so that one process does."""
    gap = np.zeros(RATE // 2, np.float32)
    joined = np.concatenate([part for wave in waves for part in (wave, gap)])
    pcm = np.clip(joined, -32768, 32767).astype("<i2").tobytes()
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    coded = subprocess.run(["ffmpeg", "-v", "error", *raw, "-i", "-", *encode, "-"], input=pcm, capture_output=True, check=True).stdout  # fmt: skip
    plain = subprocess.run(["ffmpeg", "-v", "error", *decode, "-i", "-", *raw, "-"], input=coded, capture_output=True, check=True).stdout  # fmt: skip
    out = np.frombuffer(plain, "<i2").astype(np.float32)
    out = np.pad(out, (0, max(0, len(joined) - len(out))))
    starts = np.cumsum([0] + [len(w) + len(gap) for w in waves])
    return [out[start : start + len(wave)] for start, wave in zip(starts, waves)]


def at_tempo(waves, factor):
    """Faster at the same pitch."""
    return [through_ffmpeg([wave], ["-af", f"atempo={factor}", "-f", "wav"], ["-f", "wav"])[0][: int(len(wave) / factor)] for wave in waves]  # fmt: skip


CODECS = {
    "mp3": (["-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3"], ["-f", "mp3"]),
    "opus": (["-c:a", "libopus", "-b:a", "16k", "-f", "ogg"], ["-f", "ogg"]),
    # The band and the law of a telephone line: the base models never hear it.
    "telephone": (["-af", "highpass=f=300:p=2,highpass=f=300:p=2,lowpass=f=3400:p=2", "-ar", "8000", "-c:a", "pcm_mulaw", "-f", "wav"], ["-f", "wav"]),
}  # fmt: skip
