"""Make the speech sets: synthesised sentences and strings of recorded digits.

Sources
- Sentences: `asr/splits.json` of the bootstrap (Tatoeba English, CC BY 2.0, 500-word vocabulary).
- Voices: espeak-ng variants, flite slt, awb, kal16. The flite voice rms is held out: it is only
  in the `*_rms` sets.
- Digits: Free Spoken Digit Dataset (CC BY-SA 4.0). Index 0-4 test, 5-6 dev, 7-16 proxy, 17-49 base.
  The speaker theo is held out: only in `test_theo`.

A set is `NAME.npy` (16 kHz int16, all utterances in a row) and `NAME.json`
(`[{offset, samples, voice, text}]`). Every set has its own seed, so one can be made alone.
"""

import argparse
import io
import json
import math
import os
import random
import subprocess
import tarfile
import tempfile
import wave
from pathlib import Path

import numpy as np

SEED = 20
RATE = 16000
LIMIT = 6 * RATE - 200  # samples; an utterance must fit the window of 6 s
LEVEL = 2500  # root mean square of a clean utterance, int16 units
DIGITS = "zero one two three four five six seven eight nine".split()
HELD_OUT_SPEAKER = "theo"
FSDD_INDEX = {"test": (0, 5), "dev": (5, 7), "proxy": (7, 17), "base": (17, 50)}
FLITE_VOICES = ["slt", "slt", "awb", "awb", "kal16"]
ESPEAK_LANGUAGES = (
    ["en-us"] * 4 + ["en-gb"] * 3 + ["en-gb-scotland", "en-gb-x-rp", "en-us-nyc", "en-029", "en-gb-x-gbclan"]
)
ESPEAK_VARIANTS = ["", ""] + [
    "+" + v
    for v in ("f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 Annie Andrea linda steph adam edward Michael paul Alex").split()
]


def resample(x, rate):
    """Resample 8 or 22.05 kHz to 16 kHz in the frequency domain."""
    if rate == RATE:
        return x
    if rate == 8000:
        spectrum = np.fft.rfft(x)
        wide = np.zeros(len(x) + 1, complex)
        wide[: len(spectrum)] = spectrum
        return np.fft.irfft(wide, 2 * len(x)) * 2
    if rate == 22050:
        blocks = math.ceil(math.ceil(len(x) / 441) / 16) * 16
        n = 320 * blocks
        spectrum = np.fft.rfft(np.pad(x, (0, 441 * blocks - len(x))))
        return (np.fft.irfft(spectrum[: n // 2 + 1], n) * (n / (441 * blocks)))[: int(len(x) * 320 / 441)]
    raise ValueError(f"no resampler for {rate} Hz")


def read_wav(data):
    with wave.open(io.BytesIO(data)) as w:
        return np.frombuffer(w.readframes(w.getnframes()), "<i2").astype(np.float64), w.getframerate()


def espeak(text, rng):
    voice = rng.choice(ESPEAK_LANGUAGES) + rng.choice(ESPEAK_VARIANTS)
    command = [
        "espeak-ng",
        "-v",
        voice,
        "-s",
        str(rng.randint(130, 190)),
        "-p",
        str(rng.randint(30, 70)),
        "--stdout",
        text,
    ]
    data = subprocess.run(command, capture_output=True).stdout
    # The header of a streamed file holds no true length: skip it.
    samples = np.frombuffer(data[44 : 44 + (len(data) - 44) // 2 * 2], "<i2").astype(np.float64)
    return resample(samples, 22050), "espeak:" + voice


def flite(text, rng, voice=None):
    voice = voice or rng.choice(FLITE_VOICES)
    with tempfile.NamedTemporaryFile(suffix=".wav") as f:
        stretch = f"duration_stretch={rng.uniform(0.85, 1.2):.2f}"
        subprocess.run(["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", f.name], capture_output=True)
        samples, rate = read_wav(Path(f.name).read_bytes())
    return resample(samples, rate), "flite:" + voice


def trim_and_level(x):
    loud = np.nonzero(np.abs(x) > 0.01 * np.abs(x).max())[0]
    if len(loud):
        x = x[max(0, loud[0] - 800) : loud[-1] + 1600]
    return np.clip(x / (np.sqrt((x**2).mean()) + 1e-9) * LEVEL, -32000, 32000).astype(np.int16)


def speak(text, rng, voice=None):
    """One synthesised utterance that fits the window: (samples, voice, text)."""
    while True:
        if voice or rng.random() < 0.3:
            x, name = flite(text, rng, voice)
        else:
            x, name = espeak(text, rng)
        if len(x) == 0:
            continue
        x = trim_and_level(x)
        if 3000 < len(x) < LIMIT:
            return x, name, text
        if voice:
            return x[:95000], name, text


class DigitRecordings:
    """Recordings of the Free Spoken Digit Dataset, joined to strings of 1 to 7 digits."""

    def __init__(self, archive):
        self.clips = {}
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name.endswith(".wav"):
                    digit, speaker, index = Path(member.name).stem.split("_")
                    x, rate = read_wav(tar.extractfile(member).read())
                    x = resample(x, rate)
                    self.clips[speaker, int(digit), int(index)] = x / (np.sqrt((x**2).mean()) + 1e-9) * LEVEL
        self.speakers = sorted({k[0] for k in self.clips} - {HELD_OUT_SPEAKER})

    def string(self, split, rng):
        """One digit string that fits the window: (samples, voice, text)."""
        while True:
            if split == "test_theo":
                speaker, (low, high) = HELD_OUT_SPEAKER, (0, 50)
            else:
                speaker, (low, high) = rng.choice(self.speakers), FSDD_INDEX[split]
            digits = [rng.randrange(10) for _ in range(rng.randint(1, 7))]
            parts = [np.zeros(rng.randint(200, 1600))]
            for digit in digits:
                parts.append(self.clips[speaker, digit, rng.randrange(low, high)] * rng.uniform(0.7, 1.3))
                noise = np.random.default_rng(rng.randrange(2**31))
                parts.append(noise.standard_normal(rng.randint(200, 2600)) * 8)
            x = np.clip(np.concatenate(parts), -32000, 32000).astype(np.int16)
            if len(x) < 95000:
                return x, "fsdd:" + speaker, " ".join(DIGITS[d] for d in digits)


def digit_text(rng):
    return " ".join(rng.choice(DIGITS) for _ in range(rng.randint(1, 7)))


def recipes(splits, recordings):
    """Name of each set -> function of a random generator that yields its utterances."""

    def tts(split, low, high, voice=None):
        return lambda rng: (speak(t, rng, voice) for t in splits[split][low:high])

    def fsdd(split, count):
        return lambda rng: (recordings.string(split, rng) for _ in range(count))

    def mixed(split, sentences, strings, spoken_digits=0):
        def make(rng):
            items = [speak(t, rng) for t in splits[split][:sentences]]
            items += [speak(digit_text(rng), rng) for _ in range(spoken_digits)]
            items += [recordings.string(split, rng) for _ in range(strings)]
            rng.shuffle(items)
            return items

        return make

    return {
        "dev_tts": tts("dev", 0, 500),
        "dev_fsdd": fsdd("dev", 300),
        "base": mixed("base", 6500, 2500, 500),
        "proxy": mixed("proxy", 6000, 1500),
        "test_fsdd": fsdd("test", 600),
        "test_theo": fsdd("test_theo", 600),
        "test_tts": tts("test", 0, 1200),
        "test_rms": tts("test", 0, 800, "rms"),
        "dev_rms": tts("dev", 0, 300, "rms"),
    }


def write(folder, name, items):
    items = list(items)
    meta, offset = [], 0
    for x, voice, text in items:
        meta.append({"offset": offset, "samples": len(x), "voice": voice, "text": text})
        offset += len(x)
    np.save(folder / f"{name}.npy", np.concatenate([x for x, _, _ in items]))
    (folder / f"{name}.json.tmp").write_text(json.dumps(meta))
    os.replace(folder / f"{name}.json.tmp", folder / f"{name}.json")
    print(f"{name}: {len(items)} utterances, {offset / RATE / 3600:.2f} h", flush=True)


class SpeechSet:
    """Reader of a set written by this script."""

    def __init__(self, folder, name):
        self.samples = np.load(Path(folder) / f"{name}.npy", mmap_mode="r")
        self.meta = json.loads((Path(folder) / f"{name}.json").read_text())

    def __len__(self):
        return len(self.meta)

    def wave(self, i):
        """Samples of utterance i as float32 in [-1, 1]."""
        m = self.meta[i]
        return np.asarray(self.samples[m["offset"] : m["offset"] + m["samples"]], np.float32) / 32768

    def text(self, i):
        return self.meta[i]["text"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", help="default: all that do not exist yet")
    args = parser.parse_args()
    folder = args.work / "speech"
    folder.mkdir(parents=True, exist_ok=True)
    splits = json.loads((args.bootstrap / "asr/splits.json").read_text())
    recordings = DigitRecordings(args.data / "fsdd-recordings.tar.xz")
    for name, make in recipes(splits, recordings).items():
        if name in args.sets if args.sets else not (folder / f"{name}.json").exists():
            write(folder, name, make(random.Random(f"{SEED}-{name}")))


if __name__ == "__main__":
    main()
