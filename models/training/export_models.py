"""Write the model folders `starter-mt-en-de` and `starter-asr-en` (no proxies) and check them."""

import argparse
import json
from pathlib import Path

import torch

from asr import recogniser
from export.check import compare
from export.onnx_files import export_model
from export.tokenizer_files import write_recogniser_files, write_translation_files
from translation import translator

MODELS = Path(__file__).resolve().parent.parent

# Chosen by measurement on dev, see results/int8.json.
INT8 = {
    "asr": {"per_channel": True, "reduce_range": True},
    "mt": {"per_channel": True, "reduce_range": True, "embeddings": True},
}


def export_translation(bootstrap, work, target):
    model = translator.load(bootstrap)
    sentences = [
        s
        for name in ("dev", "test", "proxy")
        for row in translator.read_split(bootstrap, name)
        for s in (row[0], *row[1])
    ]
    sentences += translator.shifted([row[0] for row in translator.read_split(bootstrap, "dev")], 1)
    config = json.loads((bootstrap / "mt/config.json").read_text())
    # Tells readers the languages; the model takes the bare sentence.
    config["task_specific_params"] = {"translation_en_to_de": {"prefix": ""}}
    # The direction, as Hugging Face's own T5 configs state it. This model was trained without a prefix.
    config |= {"task_specific_params": {"translation_en_to_de": {"prefix": ""}}}
    write_translation_files(target, config, bootstrap / "mt/spm.model", sentences)
    export_model(model, target, work / "parts/mt", INT8["mt"])
    torch.manual_seed(0)
    cases = []
    for batch, length in ((1, 9), (3, 23)):
        mask = torch.ones(batch, length, dtype=torch.long)
        mask[-1, length - 3 * (batch - 1) :] = 0
        cases.append({"input_ids": torch.randint(3, 6000, (batch, length)) * mask, "attention_mask": mask})
    compare(model, target, cases)


def export_recogniser(bootstrap, work, target, weights):
    model = recogniser.load(bootstrap, weights)
    config = json.loads((bootstrap / "asr/config.json").read_text())
    config |= {"suppress_tokens": None, "begin_suppress_tokens": None, "is_encoder_decoder": True, "dtype": "float32"}
    write_recogniser_files(target, config)
    export_model(model, target, work / "parts/asr", INT8["asr"])
    torch.manual_seed(0)
    compare(model, target, [{"input_features": torch.rand(b, 80, n) * 2 - 1} for b, n in ((1, 600), (3, 400))])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", choices=["asr", "mt"])
    parser.add_argument("--not-fine-tuned", action="store_true", help="export the recogniser as the bootstrap left it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.only != "asr":
        export_translation(args.bootstrap, args.work, MODELS / "starter-mt-en-de")
    if args.only != "mt":
        weights = None if args.not_fine_tuned else args.work / "asr.safetensors"
        export_recogniser(args.bootstrap, args.work, MODELS / "starter-asr-en", weights)


if __name__ == "__main__":
    main()
