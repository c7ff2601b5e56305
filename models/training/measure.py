"""Measure the exported models with ONNX Runtime on the test sets; writes results/models.json.

Speech: word error rate (sum of errors / sum of reference words) of greedy decoding.
Translation: sacreBLEU's BLEU and chrF, greedy, against the first reference and against all.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import sacrebleu

from asr.corpus import SpeechSet
from asr.features import log_mel
from asr.noise import NoiseBank
from asr.recogniser import EOS, MAX_NEW_TOKENS, START, UNKNOWN, decode_text, word_errors
from export.check import Decoder, greedy, session
from translation.translator import Translator, read_split, shifted

MODELS = Path(__file__).resolve().parent.parent
SPEECH_TESTS = ("test_tts", "test_rms", "test_fsdd", "test_theo")


class Recogniser:
    """Greedy recognition with the exported files of one data type ("fp32" or "int8")."""

    def __init__(self, folder, dtype, threads=1):
        suffix = "" if dtype == "fp32" else "_" + dtype
        self.dtype = dtype
        self.encoder = session(Path(folder) / f"onnx/encoder_model{suffix}.onnx", threads)
        self.decoder = Decoder(Path(folder) / f"onnx/decoder_model_merged{suffix}.onnx", threads)

    def encode(self, waves):
        """Encoder output [B, 300, D]. int8 takes one wave at a time, as the app does: its activation
        scales span the batch. (The decoder is run in batches for both.)"""
        batch = 16 if self.dtype == "fp32" else 1
        out = [
            self.encoder.run(None, {"input_features": log_mel(waves[i : i + batch]).numpy()})[0]
            for i in range(0, len(waves), batch)
        ]
        return np.concatenate(out)

    def decode(self, states, batch=32, with_scores=False):
        texts, scores = [], []
        for i in range(0, len(states), batch):
            part = states[i : i + batch]
            ids, score = greedy(
                self.decoder, part, None, START, EOS, MAX_NEW_TOKENS, (START, UNKNOWN), with_scores=True
            )
            texts += [decode_text(x) for x in ids]
            scores += score.tolist()
        return (texts, scores) if with_scores else texts

    def transcribe(self, waves):
        return [t for i in range(0, len(waves), 32) for t in self.decode(self.encode(waves[i : i + 32]))]


def errors_of(texts, references):
    """int arrays (errors, reference words), one entry per utterance"""
    pairs = [word_errors(r, t) for t, r in zip(texts, references, strict=True)]
    return np.array([e for e, _ in pairs]), np.array([n for _, n in pairs])


def word_error_rate(recogniser, speech, indices):
    errors, words = errors_of(
        recogniser.transcribe([speech.wave(i) for i in indices]), [speech.text(i) for i in indices]
    )
    return float(errors.sum() / words.sum())


def noisy_waves(speech, indices, split, snr, seed):
    """Waves with noise of the split's own bank, each at a random ratio within `snr` (dB)."""
    bank, rng = NoiseBank(split), random.Random(seed)
    return [bank.add(speech.wave(i), rng.uniform(*snr), rng).astype(np.float32) for i in indices]


def measure_speech(work, dtype):
    recogniser, results = Recogniser(MODELS / "starter-asr-en", dtype), {}
    for name in SPEECH_TESTS:
        speech = SpeechSet(work / "speech", name)
        results[name] = round(word_error_rate(recogniser, speech, range(len(speech))), 4)
        print("asr", dtype, name, results[name], flush=True)
    return results


def measure_translation(bootstrap, dtype):
    rows = read_split(bootstrap, "test")
    translator, results = Translator(MODELS / "starter-mt-en-de", dtype), {}
    longest = max(len(r) for _, r in rows)
    references = {"first reference": [[r[0] for _, r in rows]],
                  "all references": [[r[k] if k < len(r) else None for _, r in rows] for k in range(longest)]}  # fmt: skip
    sources = [s for s, _ in rows]
    for name, texts in (("test", sources), ("test shifted", shifted(sources, 41))):
        out = translator.translate(texts)
        results[name] = {
            kind: {
                "bleu": round(sacrebleu.corpus_bleu(out, refs).score, 2),
                "chrf": round(sacrebleu.corpus_chrf(out, refs).score, 2),
            }
            for kind, refs in references.items()
        }
        print("mt", dtype, name, results[name], flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", choices=["asr", "mt"])
    args = parser.parse_args()
    path = Path(__file__).parent / "results/models.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    for dtype in ("fp32", "int8"):
        if args.only != "asr":
            results.setdefault("starter-mt-en-de", {})[dtype] = measure_translation(args.bootstrap, dtype)
        if args.only != "mt":
            results.setdefault("starter-asr-en", {})[dtype] = measure_speech(args.work, dtype)
    path.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
