#!/bin/sh
# faster-whisper 1.2.1: what Whisper sees after the end of a recording shorter than 30 s.
#
# Expected: OpenAI's input, silence: the log-mel of zero samples, 2 below the largest value.
# Seen: the log-mel is computed of the sound alone (and 10 ms) and then filled with 0.0, which is not silence but about
# the middle of the range: for the tone here silence is -0.91. Texts differ: with Whisper tiny.en in 14 of 150 recorded
# prompts, one of them, of 25 s, cut after the first sentence, against CTranslate2 fed with OpenAI's input.
# Fails when that changes. Usage: faster-whisper-padding.sh   (PYTHON: an interpreter that has the packages)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet faster-whisper==1.2.1 numpy==2.4.6
fi
"$python" - <<'PYTHON'
import faster_whisper
import numpy as np
from faster_whisper.audio import pad_or_trim
from faster_whisper.feature_extractor import FeatureExtractor

sound = (0.1 * np.sin(2 * np.pi * 440 * np.arange(32000) / 16000)).astype(np.float32)
extract = FeatureExtractor()
seen = pad_or_trim(extract(sound))  # as WhisperModel.transcribe does for each window
padded = np.concatenate([sound, np.zeros(28 * 16000, np.float32)])
expected = extract(padded)[:, :3000]
print(f"faster-whisper {faster_whisper.__version__}; largest value {expected.max():.3f}")
print(f"after the end: faster-whisper {seen[0, 1000]:.3f}, OpenAI {expected[0, 1000]:.3f}")
print(f"largest difference up to the end: {np.abs(seen - expected)[:, :198].max():.1e}")
assert np.all(seen[:, 210:] == 0) and np.all(expected[:, 210:] < -0.9), "this has changed"
PYTHON
