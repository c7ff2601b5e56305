"""Whisper's log-mel, as `whisper/audio.py` of OpenAI makes it, in float64; and files of features.

Features file (`.f32`): the 80 · 3000 numbers of [80, 3000], row-major, little-endian float32, nothing else."""

import wave

import numpy as np

RATE, WINDOW, HOP, MELS, FRAMES = 16000, 400, 160, 80, 3000


def mel_filters():
    """Slaney's triangles over 201 bins of 0 to 8 kHz, [80, 201]; as `librosa.filters.mel(sr=16000, n_fft=400)`."""

    def mels(hertz):
        return np.where(hertz < 1000, hertz * 3 / 200, 15 + np.log(np.maximum(hertz, 1) / 1000) * 27 / np.log(6.4))

    def hertz(mel):
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    bins = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    corners = hertz(np.linspace(0, mels(np.array(RATE / 2.0)), MELS + 2))
    up = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    down = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    return np.maximum(0, np.minimum(up, down)) * 2 / (corners[2:] - corners[:-2])[:, None]


FILTERS = mel_filters()
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def log_mel(samples):
    """[80, 3000] float32 of [samples] in −1 to 1: padded with zeros to 30 s, or cut there."""
    sound = np.zeros(RATE * 30)
    sound[: len(samples)] = samples[: len(sound)]
    padded = np.pad(sound, WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:FRAMES]
    power = np.abs(np.fft.rfft(frames * HANN)) ** 2
    logs = np.log10(np.maximum(FILTERS @ power.T, 1e-10))
    return ((np.maximum(logs, logs.max() - 8) + 4) / 4).astype(np.float32)


def read_wav(path):
    """[samples] float32 of a 16 kHz mono 16-bit file."""
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path}: not 16 kHz mono 16-bit")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def read_features(path):
    return np.fromfile(path, "<f4").reshape(MELS, FRAMES)


def write_features(path, features):
    path.parent.mkdir(parents=True, exist_ok=True)
    features.astype("<f4").tofile(path)
