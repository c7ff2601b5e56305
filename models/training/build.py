"""Rebuild everything in `models/`, `e2e/fixtures` and `resources/samples` that Python makes.

    python build.py --bootstrap DIR --data DIR --work DIR

About an hour and a half on one CPU core. Speech and checkpoints go to the work directory. Steps can be
run one by one with --only.
"""

import argparse
import subprocess
import sys
from pathlib import Path

STEPS = {
    "corpus": ["-m", "asr.corpus"],
    "finetune": ["-m", "asr.finetune"],
    "export": ["export_models.py"],
    "int8": ["measure_int8.py"],
    "measure": ["measure.py"],
    "speech-proxy": ["-m", "proxies.speech_proxy"],
    "error-kinds": ["-m", "proxies.error_kinds"],
    "translation-proxy": ["-m", "proxies.translation_proxy"],
    "fixtures": ["fixtures.py"],
    "cards": ["model_cards.py"],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bootstrap", "data", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(STEPS), default=list(STEPS))
    args = parser.parse_args()
    shared = [x for n in ("bootstrap", "data", "work") for x in (f"--{n}", str(getattr(args, n).resolve()))]
    for name, step in STEPS.items():
        if name in args.only:
            print(f"== {name}", flush=True)
            arguments = [] if name == "cards" else shared
            subprocess.run([sys.executable, *step, *arguments], cwd=Path(__file__).parent, check=True)


if __name__ == "__main__":
    main()
