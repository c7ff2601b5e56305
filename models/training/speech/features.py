"""Whisper's log-mel features of a fixed window, in torch, and their power spectra for mixing.

Equal to `transformers.WhisperFeatureExtractor` (`check` asserts it): zero padding to the whole
window, periodic Hann, reflect padding, last frame dropped, maximum over the window.
"""

import numpy as np
import torch
from transformers import WhisperFeatureExtractor

from speech.corpus import RATE, SECONDS

SAMPLES = SECONDS * RATE
FRAMES = SAMPLES // 160
POSITIONS = FRAMES // 2
MELS = 80
FLOOR = 1e-10  # power

EXTRACTOR = WhisperFeatureExtractor(
    feature_size=MELS, sampling_rate=RATE, hop_length=160, n_fft=400, chunk_length=SECONDS, padding_value=0.0,
    return_attention_mask=False,
)  # fmt: skip
FILTERS = torch.tensor(np.asarray(EXTRACTOR.mel_filters), dtype=torch.float32).T
WINDOW = torch.hann_window(400)


def mel_power(waves):
    """[..., samples] -> [..., 80, samples // 160]"""
    spectrum = torch.stft(waves, 400, 160, window=WINDOW, center=True, pad_mode="reflect", return_complex=True)
    return FILTERS @ (spectrum[..., :-1].abs() ** 2)


def normalise(power):
    """Power [B, 80, T] -> what the encoder takes."""
    mel = power.clamp(min=FLOOR).log10()
    return (torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8) + 4) / 4


def padded(waves):
    x = torch.zeros(len(waves), SAMPLES)
    for i, wave in enumerate(waves):
        wave = torch.from_numpy(np.ascontiguousarray(wave[:SAMPLES]))
        x[i, : len(wave)] = wave
    return x


def log_mel(waves):
    """List of float32 waves -> [B, 80, 600]"""
    return normalise(mel_power(padded(waves)))


def valid_positions(samples):
    """Encoder positions (20 ms each) that hold real audio: min(300, ceil(samples / 320))."""
    return min(POSITIONS, -(-samples // 320))


def check(waves):
    theirs = EXTRACTOR(waves, sampling_rate=RATE, return_tensors="np").input_features
    difference = float(np.abs(log_mel(waves).numpy() - theirs).max())
    assert difference < 1e-3, difference
