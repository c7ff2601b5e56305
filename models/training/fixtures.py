"""Write `e2e/fixtures` (dev speech, dev translations, tiny proxies) and `resources/samples`."""

import argparse
import json
import random
import subprocess
from pathlib import Path

import numpy as np
import onnx
import soundfile
import torch

from asr import corpus
from asr.noise import NoiseBank
from measure import MODELS
from proxies.attention_proxy import AttentionProxy
from proxies.check_graph import expected
from proxies.onnx_graph import build
from translation.translator import read_split, shift

ROOT = MODELS.parent
FIXTURES, SAMPLES = ROOT / "e2e/fixtures", ROOT / "resources/samples"
SPEECH_CONDITIONS = (  # condition, set, utterances, signal-to-noise ratio in dB
    ("tts-clean", "dev_tts", 64, None),
    ("tts-noisy", "dev_tts", 64, (-8, 4)),
    ("digits-clean", "dev_fsdd", 64, None),
    ("digits-noisy", "dev_fsdd", 64, (-12, 0)),
)
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


def speech_dev(work):
    """256 dev utterances as Opus, 20 kbit/s, and their manifest."""
    bank, rng, manifest, taken = NoiseBank("dev"), random.Random(61), [], {}
    for condition, name, count, snr in SPEECH_CONDITIONS:
        speech = corpus.SpeechSet(work / "speech", name)
        start = taken.get(name, 0)
        taken[name] = start + count
        for i in range(start, start + count):
            wave, ratio = speech.wave(i), None
            if snr:
                ratio = round(rng.uniform(*snr), 1)
                wave = bank.add(wave, ratio, rng)
                wave = wave * min(1, 0.97 / np.abs(wave).max())
            file = f"{condition}-{i - start:03d}.opus"
            encode(wave, FIXTURES / "speech-dev" / file, "-c:a", "libopus", "-b:a", "20k", "-application", "audio")
            manifest.append(
                {
                    "file": file,
                    "text": speech.text(i),
                    "condition": condition,
                    "snrDb": ratio,
                    "voice": speech.meta[i]["voice"],
                }
            )
    write_json(FIXTURES / "speech-dev/manifest.json", manifest)


def translation_dev(bootstrap):
    """300 dev pairs, every second one shifted: lower case, no punctuation, typing errors."""
    rng, out = random.Random(62), []
    for i, (source, references) in enumerate(read_split(bootstrap, "dev")[:300]):
        text, condition = (shift(source, rng), "shifted") if i % 2 else (source, "clean")
        out.append({"source": text, "references": references, "condition": condition})
    write_json(FIXTURES / "translation-dev.json", out)


def tiny_proxies():
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
    out = [np.zeros(4000, np.float32)]
    for part, pause in zip(parts, pauses, strict=True):
        out += [part.astype(np.float32), np.zeros(int(pause * corpus.RATE), np.float32)]
    return np.concatenate(out)


def samples(data):
    """Recorded digits, a held-out synthesised voice, and the digits in noise; see the README there."""
    recordings, rng = corpus.DigitRecordings(data / "fsdd-recordings.tar.xz"), random.Random(63)
    digits = [4, 0, 7, 1, 9, 9, 2, 5, 8, 3, 6, 1, 7, 0]
    clips = [recordings.clips["jackson", d, rng.randrange(0, 5)] / 32768 for d in digits]
    pauses = [rng.uniform(0.08, 0.3) if (i + 1) % 4 else rng.uniform(0.6, 0.8) for i in range(len(digits))]
    wave = join(clips, pauses)
    soundfile.write(SAMPLES / "recorded-digits.en.flac", wave, corpus.RATE, subtype="PCM_16")
    noisy = NoiseBank("test").add(wave, NOISY_SAMPLE[1], random.Random(NOISY_SAMPLE[0]))
    noisy = (noisy * min(1, 0.9 / np.abs(noisy).max())).astype(np.float32)
    encode(noisy, SAMPLES / "noisy-digits.en.opus", "-c:a", "libopus", "-b:a", "32k", "-application", "audio")
    spoken = [corpus.speak(t, random.Random(70 + i), "rms")[0] / 32768 for i, t in enumerate(SENTENCES)]
    wave = join(spoken, [rng.uniform(0.5, 0.9) for _ in spoken])
    encode(wave, SAMPLES / "synthetic-voice.en.mp3", "-c:a", "libmp3lame", "-b:a", "40k")
    (SAMPLES / "recorded-digits.en.txt").write_text(" ".join(corpus.DIGITS[d] for d in digits) + "\n")
    (SAMPLES / "synthetic-voice.en.txt").write_text("\n".join(SENTENCES) + "\n")


NOISY_SAMPLE = (1, 3.0)  # seed of the noise, signal-to-noise ratio in dB; chosen because plain and perturbed differ
SENTENCES = [
    "i want to learn how to swim",
    "can you help me with this book",
    "my father is very busy today",
    "what time do you get up",
    "they have been friends for a long time",
    "please tell me what you think",
    "she bought a new car last week",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    SAMPLES.mkdir(parents=True, exist_ok=True)
    speech_dev(args.work)
    translation_dev(args.bootstrap)
    tiny_proxies()
    samples(args.data)


if __name__ == "__main__":
    main()
