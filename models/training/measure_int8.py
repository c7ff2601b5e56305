"""Choose the settings of dynamic int8 on dev: per_channel and reduce_range, both models.

Writes results/int8.json. BLEU is sacreBLEU with the first reference; chrF is sacreBLEU's default.
"""

import argparse
import itertools
import json
import shutil
from pathlib import Path

import onnx
import sacrebleu

from asr.corpus import SpeechSet
from export.onnx_files import merge, quantise, save
from measure import Recogniser, errors_of
from translation.translator import Translator, read_split

MODELS = Path(__file__).resolve().parent.parent


def build(parts, source, target, **settings):
    """A copy of the model folder with int8 files made from the traced float32 `parts`."""
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*_int8.onnx", "proxies"))
    made = [
        quantise(parts / f"{n}.onnx", parts / f"{n}_trial.onnx", **settings)
        for n in ("encoder", "decoder_first", "decoder_cached")
    ]
    save(onnx.load(made[0]), target / "onnx/encoder_model_int8.onnx")
    merge(made[1], made[2], target / "onnx/decoder_model_merged_int8.onnx")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", choices=["asr", "mt"])
    args = parser.parse_args()
    path = Path(__file__).parent / "results/int8.json"
    results = json.loads(path.read_text()) if path.exists() else {}
    rows = read_split(args.bootstrap, "dev")[:1000]
    speech = {n: SpeechSet(args.work / "speech", n) for n in ("dev_tts", "dev_fsdd")} if args.only != "mt" else {}

    plain = {}

    def equal(key, out):
        """Share of outputs equal to those of float32 (which are seen first)."""
        return round(sum(a == b for a, b in zip(plain.setdefault(key, out), out)) / len(out), 3)

    def score(task, folder, dtype):
        if task == "mt":
            out = Translator(folder, dtype).translate([s for s, _ in rows])
            references = [[r[0] for _, r in rows]]
            return {
                "equal to fp32": equal(task, out),
                "bleu": round(sacrebleu.corpus_bleu(out, references).score, 2),
                "chrf": round(sacrebleu.corpus_chrf(out, references).score, 2),
            }
        result = {}
        for n, s in speech.items():
            out = Recogniser(folder, dtype).transcribe([s.wave(i) for i in range(len(s))])
            errors, words = errors_of(out, [s.text(i) for i in range(len(s))])
            result[n] = {"wer": round(float(errors.sum() / words.sum()), 4), "equal to fp32": equal(n, out)}
        return result

    for task, name in (("mt", "starter-mt-en-de"), ("asr", "starter-asr-en")):
        if args.only in (None, task):
            source, target = MODELS / name, args.work / "int8-trial" / name
            results[task] = {"fp32": score(task, source, "fp32")}
            for per_channel, reduce_range in itertools.product((False, True), repeat=2):
                settings = {"per_channel": per_channel, "reduce_range": reduce_range, "embeddings": task == "mt"}
                build(args.work / "parts" / task, source, target, **settings)
                results[task][f"per_channel={per_channel} reduce_range={reduce_range}"] = score(task, target, "int8")
            print(task, json.dumps(results[task], indent=1), flush=True)
    path.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
