"""Make the speech sets.

    python -m speech.corpus --data DIR --work DIR [--sets NAME ...]

Texts: the English side of `text.sentences` (same splits) and `text.phrases`. Voices: `speech.voices`.
Digits: Free Spoken Digit Dataset; index 0-4 test, 5-6 dev, 7-16 proxy, 17-49 train; the speaker theo
is in `test_digits_unseen` only.

A set is `NAME.npy` (16 kHz int16, all utterances in a row) and `NAME.json` (`[{offset, samples,
voice, text, condition}]`); training sets come in shards of 2,000. Every set has its own seed, so one
can be made alone. Utterances are trimmed to the speech, which gives the true times of joined ones.
"""

import argparse
import json
import os
import random
import tarfile
import time
from pathlib import Path

import numpy as np

from speech import acoustics
from speech.acoustics import RATE
from speech.voices import HELD_OUT, draw_voice, read_wav, speak, to_16k
from text.phrases import ONES, phrase
from text.sentences import heard_before, key, key_hash, split_pairs

SEED = 31
SECONDS = 6
LIMIT = SECONDS * RATE - 3200  # samples
LEVEL = 2500  # root mean square, int16 units
HELD_OUT_SPEAKER = "theo"
FSDD_INDEX = {"test": (0, 5), "dev": (5, 7), "proxy": (7, 17), "train": (17, 50)}
SHARD = 2000


def english(data, split):
    """Sentences a synthesiser reads as they are written."""
    seen = {}
    for sentence, _ in split_pairs(data)[split]:
        plain = sentence.replace("’", "'").replace("“", '"').replace("”", '"').replace("—", " - ")
        if plain.isascii() and not any(c.isdigit() or c in '"$%&/+()[]*#@_=<>' for c in plain) and len(plain) <= 75:
            if not any(w.isupper() and len(w) > 1 for w in plain.split()):
                seen.setdefault(key(plain), plain)
    if split == "train":
        return list(seen.values())
    return [sentence for sentence in seen.values() if key_hash(sentence) not in heard_before()]


def trim_and_level(x):
    if len(x) == 0 or not np.abs(x).max():
        return x[:0]
    loud = np.nonzero(np.abs(x) > 0.012 * np.abs(x).max())[0]
    x = x[max(0, loud[0] - 320) : loud[-1] + 640]
    return np.clip(x / (np.sqrt((x**2).mean()) + 1e-9) * LEVEL, -32000, 32000).astype(np.float32)


class Digits:
    """Recordings of the Free Spoken Digit Dataset, joined to strings of 1 to 10 digits."""

    def __init__(self, data):
        self.clips = {}
        with tarfile.open(Path(data) / "fsdd-recordings.tar.xz") as tar:
            for member in tar:
                if member.name.endswith(".wav"):
                    digit, speaker, index = Path(member.name).stem.split("_")
                    x = to_16k(*read_wav(tar.extractfile(member).read()))
                    self.clips[speaker, int(digit), int(index)] = x / (np.sqrt((x**2).mean()) + 1e-9) * LEVEL
        self.speakers = sorted({k[0] for k in self.clips} - {HELD_OUT_SPEAKER})

    def string(self, split, rng):
        while True:
            unseen = split == "unseen"
            speaker = HELD_OUT_SPEAKER if unseen else rng.choice(self.speakers)
            low, high = (0, 50) if unseen else FSDD_INDEX[split]
            chosen, parts = [rng.randrange(10) for _ in range(rng.randint(1, 10))], []
            for digit in chosen:
                parts.append(self.clips[speaker, digit, rng.randrange(low, high)] * rng.uniform(0.7, 1.3))
                parts.append(acoustics.normals(rng.randint(200, 2200), rng) * 8)
            x = np.concatenate(parts[:-1]).astype(np.float32)
            if len(x) < LIMIT:
                text = " ".join(ONES[d] for d in chosen).capitalize() + "."
                return {"samples": x, "voice": f"fsdd:{speaker}", "text": text, "condition": "clean"}


def synthesise(phrases, voices, rng):
    """Utterances that fit the window, grouped by voice to save processes. `phrases`: (written, spoken)."""
    by_voice, out = {}, []
    for pair, voice in zip(phrases, voices, strict=True):
        by_voice.setdefault(voice, []).append(pair)
    for voice, pairs in sorted(by_voice.items()):
        for (written, _), x in zip(pairs, speak([spoken for _, spoken in pairs], voice, rng), strict=True):
            x = trim_and_level(x)
            if 3000 < len(x) < LIMIT:
                out.append({"samples": x, "voice": voice, "text": written, "condition": "clean"})
    rng.shuffle(out)
    return out


def changed(items, condition, change):
    out = [{**item, "samples": change(item["samples"]), "condition": condition} for item in items]
    return [item for item in out if len(item["samples"]) < LIMIT + 3200]


def noisy(items, split, low, high, rng):
    noises = acoustics.make_noises(split)
    name = f"noise {low}..{high} dB"
    return changed(items, name, lambda x: acoustics.add_noise(x, rng.choice(noises), rng.uniform(low, high), rng))


def coded(items, codec):
    waves = acoustics.through_ffmpeg([item["samples"] for item in items], *acoustics.CODECS[codec])
    return [{**item, "samples": wave, "condition": codec} for item, wave in zip(items, waves)]


def training_effects(items, rng):
    """Speed 0.85-1.18 for most; then a room, a codec or 8 kHz for some."""
    rooms = acoustics.make_rooms("train")
    for item in items:
        if rng.random() < 0.6:
            factor = rng.uniform(0.85, 1.18)
            if len(item["samples"]) / factor < LIMIT:
                item["samples"] = acoustics.resample_by(item["samples"], factor)
        if rng.random() < 0.25:
            item["samples"] = acoustics.in_room(item["samples"], rng.choice(rooms))
        if rng.random() < 0.12:
            item["samples"] = acoustics.narrow(item["samples"])
    rng.shuffle(items)
    cut = len(items) // 12
    return coded(items[:cut], "mp3") + coded(items[cut : 2 * cut], "opus") + items[2 * cut :]


def spoken(sentences):
    return [(s, s) for s in sentences]


def train_shard(data, digits, number, rng):
    sentences = english(data, "train")
    count = int(SHARD * 0.8)
    texts = spoken([sentences[i % len(sentences)] for i in range(number * count, (number + 1) * count)])
    texts += [phrase(rng) for _ in range(int(SHARD * 0.12))]
    items = synthesise(texts, [draw_voice(rng) for _ in texts], rng)
    return training_effects(items + [digits.string("train", rng) for _ in range(int(SHARD * 0.08))], rng)


def known_voices(data, split, low, high, rng):
    texts = spoken(english(data, split)[low:high])
    return synthesise(texts, [draw_voice(rng) for _ in texts], rng)


def unseen_voices(data, split, low, high, rng, voices=tuple(HELD_OUT)):
    texts = spoken(english(data, split)[low:high])
    return synthesise(texts, [voices[i % len(voices)] for i in range(len(texts))], rng)


def shifted(data, split, low, high, rng, noises=None):
    """Conditions the base models never hear, in equal parts: hard noise, telephone, fast speech and,
    for dev and test, unseen voices in noise. Proxies never hear the unseen voices. noises: by default those of
    the split."""
    noises = noises or split
    step = (high - low) // 4
    part = lambda i: (low + i * step, low + (i + 1) * step)
    fast = known_voices(data, split, *part(2), rng)
    items = noisy(known_voices(data, split, *part(0), rng), noises, -10, 5, rng)
    items += coded(noisy(known_voices(data, split, *part(1), rng), noises, 10, 25, rng), "telephone")
    for factor in (1.35, 1.5, 1.65):
        some = fast[: len(fast) // 3] if factor < 1.6 else fast
        fast = fast[len(some) :]
        waves = acoustics.at_tempo([item["samples"] for item in some], factor)
        items += [{**item, "samples": wave, "condition": f"fast {factor}"} for item, wave in zip(some, waves)]
    make = known_voices if split == "proxy" else lambda *a: unseen_voices(*a, voices=("flite:rms",))
    items += noisy(make(data, split, *part(3), rng), noises, 0, 10, rng)
    rng.shuffle(items)
    return items


def recipes(data, digits):
    strings = lambda split, count: lambda rng: [digits.string(split, rng) for _ in range(count)]
    n = {split: len(english(data, split)) for split in ("dev", "test", "proxy")}
    return {
        "dev_known": lambda rng: known_voices(data, "dev", 0, 400, rng),
        "dev_unseen": lambda rng: unseen_voices(data, "dev", 400, 600, rng, ("flite:rms",)),
        "dev_digits": strings("dev", 200),
        "dev_shifted": lambda rng: shifted(data, "dev", 600, n["dev"], rng),
        "test_known": lambda rng: known_voices(data, "test", 0, 600, rng),
        "test_unseen": lambda rng: unseen_voices(data, "test", 600, 1100, rng, ("flite:rms",)),
        "test_unseen_formant": lambda rng: unseen_voices(data, "test", 600, 900, rng, tuple(HELD_OUT[1:])),
        "test_noise": lambda rng: noisy(known_voices(data, "test", 1100, 1500, rng), "test", 0, 10, rng),
        "test_digits": strings("test", 400),
        "test_digits_unseen": strings("unseen", 400),
        "test_shifted": lambda rng: shifted(data, "test", 1500, n["test"], rng),
        # For `e2e/fixtures/perturbation/test`: other sentences, draws of voices and noises than earlier proxies were
        # measured on. Sentences from 1500 on were in the first of these sets, with other audio.
        "perturbation_shifted": lambda rng: shifted(data, "test", 800, 1400, rng, "perturbation"),
        "perturbation_unseen": lambda rng: unseen_voices(data, "test", 1400, 1550, rng, ("flite:rms",)),
        "perturbation_known": lambda rng: known_voices(data, "test", 1550, 1700, rng),
        "perturbation_digits": strings("test", 120),
        "proxy_known": lambda rng: known_voices(data, "proxy", 0, 4000, rng)
        + [digits.string("proxy", rng) for _ in range(600)],
        "proxy_shifted": lambda rng: shifted(data, "proxy", 4000, 9200, rng),
    }  # fmt: skip


def write(folder, name, items):
    meta, offset = [], 0
    for item in items:
        x = np.clip(item["samples"], -32000, 32000).astype(np.int16)
        meta.append({**item, "offset": offset, "samples": len(x)})
        item["samples"] = x
        offset += len(x)
    np.save(folder / f"{name}.npy", np.concatenate([item["samples"] for item in items]))
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
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=20, help=f"training shards of {SHARD}")
    parser.add_argument("--sets", nargs="*", help='default: all that do not exist yet; "train" for the shards')
    args = parser.parse_args()
    folder = args.work / "speech"
    folder.mkdir(parents=True, exist_ok=True)
    digits = Digits(args.data)
    make = recipes(args.data, digits)
    make |= {f"train-{i:02}": lambda rng, i=i: train_shard(args.data, digits, i, rng) for i in range(args.shards)}
    for name, recipe in make.items():
        wanted = not args.sets or name in args.sets or name.split("-")[0] in args.sets
        if wanted and not (folder / f"{name}.json").exists():
            start = time.time()
            write(folder, name, recipe(random.Random(f"{SEED}-{name}")))
            print(f"  {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
