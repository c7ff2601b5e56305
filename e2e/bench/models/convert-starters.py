"""Writes the bundled models for the benchmark's peers, with the weights that their ONNX files hold: a folder
of each with `model.safetensors`, as on the Hub, from which the benchmark writes whisper.cpp's files, and
CTranslate2's in `ctranslate2-float32` and `ctranslate2-int8`.

    pip install -r models/training/requirements.txt ctranslate2
    python e2e/bench/models/convert-starters.py [--out e2e/bench/models/made] [--only NAME ...]
"""

import argparse
import shutil
import sys
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parents[2] / "models/training"), str(HERE)]

from ctranslate2_folders import write_ctranslate2
from export.read_back import read_back
from starters import STARTERS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE / "made")
    parser.add_argument("--only", nargs="*", choices=list(STARTERS), default=list(STARTERS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name in args.only:
        folder = args.out / name
        folder.mkdir(parents=True, exist_ok=True)
        read_back(STARTERS[name]).save_pretrained(folder)
        # The files as they are bundled, in place of those that were just written.
        for file in STARTERS[name].folder.glob("*.json"):
            shutil.copy(file, folder)
        write_ctranslate2(folder)
        print(name, flush=True)


if __name__ == "__main__":
    main()
