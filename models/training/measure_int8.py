"""Compare the settings of dynamic int8 with float32 on dev: per_channel and reduce_range.

    python measure_int8.py --data DIR --work DIR [--only NAME ...]

Needs the traced parts that `export_models.py` leaves in the work directory. Writes results/int8.json: word error
rate, or BLEU and chrF against the first reference, and the share of texts equal to those of float32.
`export_models.INT8` says what was chosen.
"""

import argparse
import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import sacrebleu

from export.onnx_files import merge, quantise, save
from exported import Recogniser, Translator, errors_of
from speech.corpus import RATE, SpeechSet
from speech.model import NO_TIMESTAMPS
from starters import RESULTS, STARTERS
from text.sentences import test_items
from translation.model import PREFIXES

UTTERANCES = {"dev_known": 160, "dev_digits": 60}
TEXTS = 300  # per direction


def build(parts, source, target, **settings):
    """A copy of the model folder with int8 files made from the traced float32 `parts`."""
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.onnx", "proxies"))
    made = [
        quantise(parts / f"{n}.onnx", parts / f"{n}_trial.onnx", **settings, embeddings=True)
        for n in ("encoder", "decoder_first", "decoder_cached")
    ]
    save(onnx.load(made[0]), target / "onnx/encoder_model_int8.onnx")
    merge(made[1], made[2], target / "onnx/decoder_model_merged_int8.onnx")


def speech_outputs(folder, dtype, data, work):
    """{set: (texts, scores)}"""
    recogniser, out = Recogniser(folder, dtype), {}
    for name, count in UTTERANCES.items():
        speech = SpeechSet(work / "speech", name)
        texts = recogniser.transcribe([speech.wave(i) for i in range(count)])
        errors, words = errors_of(texts, [speech.text(i) for i in range(count)])
        out[name] = texts, {"wer": round(float(errors.sum() / words.sum()), 4)}
    return out


def habits(folder, work):
    """What the prompt without timestamps gives besides words: timestamps (there should be none), and
    texts for silence and for noise alone (they should be empty)."""
    recogniser, rng = Recogniser(folder, "fp32"), np.random.default_rng(4)
    speech = SpeechSet(work / "speech", "dev_known")
    ids = recogniser.token_ids(recogniser.encode([speech.wave(i) for i in range(UTTERANCES["dev_known"])]))
    quiet = [np.zeros(RATE * 6, np.float32)] + [
        np.clip(rng.standard_normal(RATE * 6) * 10**level, -1, 1).astype(np.float32) for level in (-4, -3, -2, -1)
    ]
    return {
        "tokens": sum(map(len, ids)),
        "timestamps among them": sum(i > NO_TIMESTAMPS for row in ids for i in row),
        "texts for silence and white noise": recogniser.transcribe(quiet),
    }


def translation_outputs(folder, dtype, data, work):
    translator, out = Translator(folder, dtype), {}
    for direction in PREFIXES:
        items = test_items(data, "dev", direction)[:TEXTS]
        texts = translator.translate([(direction, source) for source, _ in items])
        references = [[references[0] for _, references in items]]
        bleu, chrf = (f(texts, references).score for f in (sacrebleu.corpus_bleu, sacrebleu.corpus_chrf))
        out[direction] = texts, {"bleu": round(bleu, 2), "chrf": round(chrf, 2)}
    return out


def measure(starter, data, work):
    outputs = {"speech": speech_outputs, "translation": translation_outputs}[starter.kind]
    plain = outputs(starter.folder, "fp32", data, work)
    result = {"fp32": {name: score for name, (_, score) in plain.items()}}
    if starter.kind == "speech":
        result["habits"] = habits(starter.folder, work)
        print(starter.name, result["habits"], flush=True)
    target = work / "int8-trial" / starter.name
    for per_channel, reduce_range in itertools.product((False, True), repeat=2):
        build(work / "parts" / starter.name, starter.folder, target, per_channel=per_channel, reduce_range=reduce_range)
        row = {}
        for name, (texts, score) in outputs(target, "int8", data, work).items():
            equal = sum(a == b for a, b in zip(texts, plain[name][0])) / len(texts)
            row[name] = score | {"equal to fp32": round(equal, 3)}
        result[f"per_channel={per_channel} reduce_range={reduce_range}"] = row
        print(starter.name, per_channel, reduce_range, row, flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(STARTERS), default=list(STARTERS))
    args = parser.parse_args()
    path = RESULTS / "int8.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    results = {name: results[name] for name in STARTERS if name in results}
    for name in args.only:
        results[name] = measure(STARTERS[name], args.data, args.work)
        path.write_text(json.dumps({n: results[n] for n in STARTERS if n in results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
