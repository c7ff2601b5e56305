"""Whisper's log-mel features of a fixed window, batched in torch.

Equal to `transformers.WhisperFeatureExtractor` (`finetune.py` asserts it):
zero padding to the whole window, periodic Hann, reflect padding, last frame dropped, maximum over
the window.
"""

import numpy as np
import torch
from transformers import WhisperFeatureExtractor

SECONDS = 6
SAMPLES = SECONDS * 16000
FRAMES = SAMPLES // 160
POSITIONS = FRAMES // 2

EXTRACTOR = WhisperFeatureExtractor(
    feature_size=80, sampling_rate=16000, hop_length=160, n_fft=400, chunk_length=SECONDS, padding_value=0.0,
    return_attention_mask=False,
)  # fmt: skip
FILTERS = torch.tensor(np.asarray(EXTRACTOR.mel_filters), dtype=torch.float32).T
WINDOW = torch.hann_window(400)


def padded(waves):
    x = torch.zeros(len(waves), SAMPLES)
    for i, wave in enumerate(waves):
        wave = torch.from_numpy(np.ascontiguousarray(wave[:SAMPLES]))
        x[i, : len(wave)] = wave
    return x


def log_mel(waves, telephone=None):
    """[B, 80, 600]. `telephone` [B] bool: damp all above 4 kHz, as a telephone line does."""
    spectrum = torch.stft(padded(waves), 400, 160, window=WINDOW, center=True, pad_mode="reflect", return_complex=True)
    power = spectrum[..., :-1].abs() ** 2
    if telephone is not None:
        power[torch.as_tensor(telephone), 101:] *= 1e-6
    mel = (FILTERS @ power).clamp(min=1e-10).log10()
    return (torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8) + 4) / 4


def valid_positions(samples):
    """Encoder positions (20 ms each) that hold real audio: min(300, ceil(samples / 320))."""
    return min(POSITIONS, -(-samples // 320))
