"""Write `e2e/fixtures` (dev inputs, official tests, tiny proxies) and `resources/samples`.

    python fixtures.py --data DIR --work DIR [--only STEP ...]

The folders' README.md files say what is in them.
"""

import argparse
import json
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import onnx
import soundfile
import torch

from proxies.attention_proxy import AttentionProxy
from proxies.check_graph import expected
from proxies.onnx_graph import build
from speech import acoustics
from speech.corpus import LEVEL, RATE, Digits, SpeechSet, english
from speech.voices import speak
from starters import ROOT
from text.phrases import ONES
from text.sentences import test_items
from text.shifts import joined, shifted

FIXTURES, SAMPLES = ROOT / "e2e/fixtures", ROOT / "resources/samples"
OPUS = ["-c:a", "libopus", "-application", "audio"]
# How the tests name the conditions of the shifted sets.
SHIFTED = {
    "noise -10..5 dB": "noise", "telephone": "telephone", "fast 1.35": "fast", "fast 1.5": "fast",
    "fast 1.65": "fast", "noise 0..10 dB": "unseen-noise",
}  # fmt: skip
SPEECH_DEV = {"known": ("dev_known", 64), "digits": ("dev_digits", 48), "unseen": ("dev_unseen", 32)}
SPEECH_TESTS = {
    "test_known": 300, "test_unseen": 300, "test_unseen_formant": 100, "test_noise": 200, "test_digits": 200,
    "test_digits_unseen": 200,
}  # fmt: skip
SHIFT_SEEDS = {"dev": 62, "test": 41}
# Of a split: the sets that its speech is from, and how much of known voices, of digits and of every shifted condition.
PERTURBATION_SPEECH = {"dev": ("dev", 100, 80, 100), "test": ("perturbation", 100, 100, 140)}
# The seed of the shift, and by direction the items of a split that stay clean and that are shifted. Of test, 1200 to 2400
# were used up on the proxies before these; the first 1200 on those before that, which nothing is left of.
PERTURBATION_TEXTS = {
    "dev": (64, {"en-de": ((0, 300), (300, 900)), "de-en": ((0, 300), (300, 900))}),
    "test": (66, {"en-de": ((0, 400), (400, 1200)), "de-en": ((0, 400), (2400, 3131))}),
}
TINY = {
    "raw": {"normalisation": "raw", "preconditioning": "none", "gate": "none"},
    "relative-covariance": {"normalisation": "relative", "preconditioning": "covariance", "gate": "none"},
    "relative-gate": {"normalisation": "relative", "preconditioning": "none", "gate": "predicted-error"},
    "token": {"normalisation": "token", "preconditioning": "none", "gate": "none"},
    "token-covariance-gate": {"normalisation": "token", "preconditioning": "covariance", "gate": "predicted-error"},
}


def encode(wave, path, *codec):
    """Write float32 samples of 16 kHz with ffmpeg."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "f32le", "-ar", "16000", "-ac", "1", "-i", "-",
               "-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", *codec, str(path)]  # fmt: skip
    subprocess.run(command, input=np.clip(wave, -1, 1).astype("<f4").tobytes(), check=True)


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def write_sets(path, sets):
    """{name: [(source, references)]} with an item per line"""
    rows = {n: [{"source": s, "references": r} for s, r in items] for n, items in sets.items()}
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in part) + "\n]"
        for name, part in rows.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def per_condition(speech, count):
    """[(condition, indices)] of a shifted set: the first `count` of every condition."""
    groups = {}
    for i, m in enumerate(speech.meta):
        groups.setdefault(SHIFTED[m["condition"]], []).append(i)
    return [(condition, groups[condition][:count]) for condition in dict.fromkeys(SHIFTED.values())]


def speech_dev(_, work):
    """240 dev utterances as Opus, 20 kbit/s, and their manifest."""
    folder, manifest = FIXTURES / "speech-dev", []
    for path in folder.glob("*.opus"):
        path.unlink()
    parts = [(condition, name, range(n)) for condition, (name, n) in SPEECH_DEV.items()]
    parts += [
        (c, "dev_shifted", indices) for c, indices in per_condition(SpeechSet(work / "speech", "dev_shifted"), 24)
    ]
    for condition, name, indices in parts:
        speech = SpeechSet(work / "speech", name)
        for number, i in enumerate(indices):
            file = f"{condition}-{number:03d}.opus"
            encode(speech.wave(i), folder / file, *OPUS, "-b:a", "20k")
            manifest.append(
                {
                    "file": file,
                    "text": speech.text(i),
                    "condition": condition,
                    "snrDb": None,
                    "voice": speech.meta[i]["voice"],
                }
            )
    write_json(folder / "manifest.json", manifest)


def translation_dev(data, _):
    """300 dev items, half per direction: clean, shifted, and several sentences in a row."""
    out = []
    for number, direction in enumerate(("en-de", "de-en")):
        items = test_items(data, "dev", direction)[300 * number :]
        parts = {
            "clean": items[:60],
            "shifted": shifted(items[60:120], SHIFT_SEEDS["dev"]),
            "long": joined(items[120:], 30, 3, 5, SHIFT_SEEDS["dev"]),
        }
        for condition, part in parts.items():
            for source, references in part:
                out.append({"source": source, "references": references, "condition": condition, "direction": direction})
    write_json(FIXTURES / "translation-dev.json", out)


def starter_tests(data, work):
    """The official tests of the starter models; see the README.md there."""
    folder, listed = FIXTURES / "starter-tests", []
    shutil.rmtree(folder / "speech", ignore_errors=True)
    parts = [(name, "clean", range(n)) for name, n in SPEECH_TESTS.items()]
    parts += [("test_shifted", c, i) for c, i in per_condition(SpeechSet(work / "speech", "test_shifted"), 60)]
    numbers = dict.fromkeys([*SPEECH_TESTS, "test_shifted"], 0)
    for name, condition, indices in parts:
        speech = SpeechSet(work / "speech", name)
        for i in indices:
            file = f"{name}/{numbers[name]:03d}.opus"
            numbers[name] += 1
            encode(speech.wave(i), folder / "speech" / file, *OPUS, "-b:a", "22k")
            listed.append(
                {
                    "set": name,
                    "file": file,
                    "text": speech.text(i),
                    "voice": speech.meta[i]["voice"],
                    "condition": "noise 0..10 dB" if name == "test_noise" else condition,
                }
            )
    write_json(folder / "speech.json", listed)
    sets = {}
    for direction in ("en-de", "de-en"):
        items = test_items(data, "test", direction)
        sets[direction] = items
        sets[f"shifted {direction}"] = shifted(items[:600], SHIFT_SEEDS["test"])
        sets[f"long {direction}"] = joined(items[600:], 200, 3, 6, SHIFT_SEEDS["test"])
    write_sets(folder / "translation.json", sets)


def perturbation_sets(data, work):
    """What perturbation is measured on; see the README.md there."""
    folder = FIXTURES / "perturbation"
    for split, (source_name, known, digits, changed) in PERTURBATION_SPEECH.items():
        parts = [
            ("in-domain", "known", f"{source_name}_known", range(known)),
            ("in-domain", "digits", f"{source_name}_digits", range(digits)),
            ("shifted", "unseen", f"{source_name}_unseen", range(changed)),
        ]
        name = f"{source_name}_shifted"
        for condition, indices in per_condition(SpeechSet(work / "speech", name), changed):
            parts.append(("shifted", condition, name, indices))
        shutil.rmtree(folder / split, ignore_errors=True)
        listed = []
        for domain, condition, name, indices in parts:
            source = SpeechSet(work / "speech", name)
            for number, i in enumerate(indices):
                file = f"{condition}/{number:03d}.opus"
                encode(source.wave(i), folder / split / "speech" / file, *OPUS, "-b:a", "22k")
                listed.append(
                    {
                        "set": domain,
                        "file": file,
                        "text": source.text(i),
                        "voice": source.meta[i]["voice"],
                        "condition": condition,
                    }
                )
        write_json(folder / split / "speech.json", listed)
    for split, (seed, ranges) in PERTURBATION_TEXTS.items():
        sets = {}
        for direction, (clean, changed) in ranges.items():
            items = test_items(data, split, direction)
            sets[f"clean {direction}"] = items[slice(*clean)]
            sets[f"shifted {direction}"] = shifted(items[slice(*changed)], seed)
        write_sets(folder / split / "translation.json", sets)


def tiny_proxies(*_):
    """Untrained proxies of width 16 with inputs and float64 outputs, one file per set of options."""
    width, rng = 16, torch.Generator().manual_seed(5)
    torch.manual_seed(5)
    states = torch.randn(2, 7, width, generator=rng)
    mask = torch.ones(2, 7, dtype=torch.long)
    mask[1, 4:] = 0
    alpha = torch.tensor([0.0, 0.1, 0.5])
    root = torch.randn(width, width, generator=rng)
    covariance = root @ root.T / width
    case = {
        "encoder_hidden_states": states.tolist(), "attention_mask": mask.tolist(), "alpha": alpha.tolist(),
        "covariance": covariance.tolist(), "proxies": [],
    }  # fmt: skip
    for metric, kind, value in (("wer", "gelu", None), ("chrf", "standardise", 6)):
        proxy = AttentionProxy(width, 2, value, (12, 8), kind).eval()
        if metric == "wer":
            proxy.offset.fill_(0.5)
        else:
            proxy.scale.fill_(25.0)
            proxy.offset.fill_(50.0)
        for name, options in TINY.items():
            file = f"{metric}-{name}.onnx"
            (FIXTURES / "proxies").mkdir(parents=True, exist_ok=True)
            onnx.save(
                build(proxy.float(), metric, **options, covariance=covariance.numpy()), FIXTURES / "proxies" / file
            )
            out = expected(proxy.double(), states.double(), mask, alpha.double(), metric, options, covariance.double())
            keys = ("perturbed_hidden_states", "score", "gradient_norm")
            rounded = {k: np.round(v.numpy(), 7).tolist() for k, v in zip(keys, out)}
            case["proxies"].append({"file": file, "metric": metric, **options, **rounded})
    write_json(FIXTURES / "proxies/expected.json", case)


def join(parts, pauses):
    """Parts in int16 units with pauses in seconds after them -> float32 in [-1, 1]"""
    out = [np.zeros(4000, np.float32)]
    for part, pause in zip(parts, pauses, strict=True):
        out += [part.astype(np.float32) / 32768, np.zeros(int(pause * RATE), np.float32)]
    return np.concatenate(out)


def samples(data, _):
    """Recorded digits, a held-out synthesised voice, and the digits in noise; see the README there."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    recordings, rng = Digits(data), random.Random(63)
    digits = [4, 0, 7, 1, 9, 9, 2, 5, 8, 3, 6, 1, 7, 0]
    clips = [recordings.clips["jackson", d, rng.randrange(0, 5)] for d in digits]
    pauses = [rng.uniform(0.04, 0.13) if (i + 1) % 4 else rng.uniform(0.6, 0.8) for i in range(len(digits))]
    wave = join(clips, pauses)
    soundfile.write(SAMPLES / "recorded-digits.en.flac", wave, RATE, subtype="PCM_16")
    wave, _ = soundfile.read(SAMPLES / "recorded-digits.en.flac", dtype="float32")
    groups = [" ".join(ONES[d] for d in digits[i : i + 4]).capitalize() + "." for i in range(0, len(digits), 4)]
    (SAMPLES / "recorded-digits.en.txt").write_text(" ".join(groups) + "\n")

    number, snr = NOISY_SAMPLE
    noise = acoustics.make_noises("test", seconds=len(wave) // RATE + 2)[number]
    noisy = acoustics.add_noise(wave, noise, snr, random.Random(number))
    noisy = (noisy * min(1, 0.9 / np.abs(noisy).max())).astype(np.float32)
    encode(noisy, SAMPLES / "noisy-digits.en.opus", *OPUS, "-b:a", "32k")

    known = set(english(data, "test"))
    assert all(sentence in known for sentence in SENTENCES)
    spoken = speak(SENTENCES, "flite:rms", random.Random(70))
    spoken = [x / np.sqrt((x**2).mean()) * LEVEL for x in spoken]
    wave = join(spoken, [rng.uniform(0.5, 0.9) for _ in spoken])
    encode(wave, SAMPLES / "synthetic-voice.en.mp3", "-c:a", "libmp3lame", "-b:a", "40k")
    (SAMPLES / "synthetic-voice.en.txt").write_text("\n".join(SENTENCES) + "\n")


# Number of the noise and signal-to-noise ratio in dB; chosen because plain and perturbed differ.
NOISY_SAMPLE = (69, -1.0)
# Of the test split.
SENTENCES = [
    "We have a long way to go.",
    "Could you show me the way to the port?",
    "The light suddenly went out.",
    "I want to travel around the world.",
    "She is wearing a white dress today.",
    "Tell me what you want me to do.",
    "They have lived in London for ten years.",
]
STEPS = {
    "speech-dev": speech_dev, "translation-dev": translation_dev, "starter-tests": starter_tests,
    "perturbation": perturbation_sets, "proxies": tiny_proxies, "samples": samples,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(STEPS), default=list(STEPS))
    args = parser.parse_args()
    for name in args.only:
        STEPS[name](args.data, args.work)
        print(name, flush=True)


if __name__ == "__main__":
    main()
