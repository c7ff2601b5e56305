"""Synthesised voices: espeak-ng, flite and festival, with their settings.

Voices in `HELD_OUT` are used for tests of unseen voices only; they are in no training data of a
recogniser.
"""

import io
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from speech.acoustics import RATE

ESPEAK_LANGUAGES = ["en-us"] * 5 + ["en-gb"] * 3 + ["en-gb-scotland", "en-gb-x-rp", "en-us-nyc", "en-029", "en-gb-x-gbclan"]  # fmt: skip
ESPEAK_VARIANTS = ["", ""] + [f"+{v}" for v in "f1 f2 f3 f4 m1 m2 m3 m4 m5 m6 m7 Annie Andrea linda steph adam edward Michael paul Alex".split()]  # fmt: skip
SHARES = {
    "espeak": 0.42, "flite:slt": 0.13, "flite:awb": 0.14, "flite:kal16": 0.07, "festival:kal_diphone": 0.04,
    "festival:ked_diphone": 0.09, "festival:cmu_us_slt_arctic_hts": 0.11,
}  # fmt: skip
HELD_OUT = ["flite:rms", "espeak:en-us+belinda", "espeak:en-gb+Mario", "espeak:en-gb-x-gbcwmd+norbert"]


def draw_voice(rng):
    name = rng.choices(list(SHARES), list(SHARES.values()))[0]
    return f"espeak:{rng.choice(ESPEAK_LANGUAGES)}{rng.choice(ESPEAK_VARIANTS)}" if name == "espeak" else name


def read_wav(data):
    with wave.open(io.BytesIO(data)) as w:
        return np.frombuffer(w.readframes(w.getnframes()), "<i2").astype(np.float32), w.getframerate()


def to_16k(samples, rate):
    return samples if rate == RATE else resample_poly(samples, RATE // np.gcd(RATE, rate), rate // np.gcd(RATE, rate))


def espeak(text, voice, rng):
    speed, pitch = rng.randint(130, 195), rng.randint(25, 75)
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    # The header of a streamed file holds no true length: skip it.
    return to_16k(np.frombuffer(data[44 : len(data) // 2 * 2], "<i2").astype(np.float32), 22050)


def flite(text, voice, rng):
    with tempfile.NamedTemporaryFile(suffix=".wav") as f:
        settings = ["--setf", f"duration_stretch={rng.uniform(0.85, 1.2):.2f}"]
        subprocess.run(["flite", "-voice", voice, *settings, "-t", text, "-o", f.name], capture_output=True, check=True)
        return to_16k(*read_wav(Path(f.name).read_bytes()))


def festival(texts, voice, rng):
    """All texts in one process, which takes longer to start than to speak."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"(voice_{voice})"]
        for i, text in enumerate(texts):
            quoted = text.replace("\\", "").replace('"', "")
            lines.append(f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.2):.2f})")
            lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{folder}/{i}.wav" \'riff)')
        script = Path(folder) / "speak.scm"
        script.write_text("\n".join(lines))
        subprocess.run(["festival", "-b", str(script)], capture_output=True, check=True, timeout=60 + 2 * len(texts))
        return [to_16k(*read_wav((Path(folder) / f"{i}.wav").read_bytes())) for i in range(len(texts))]


def speak(texts, voice, rng):
    """float32 samples at 16 kHz in int16 units, one array per text. `voice`: "engine:name"."""
    engine, name = voice.split(":", 1)
    if engine == "festival":
        return festival(texts, name, rng)
    return [{"espeak": espeak, "flite": flite}[engine](text, name, rng) for text in texts]
