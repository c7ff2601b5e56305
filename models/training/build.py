"""Rebuild what Python makes of `models/`, `e2e/fixtures` and `resources/samples`.

    python build.py --data DIR --work DIR --start FILE [--only-model NAME ...] [--only STEP ...]

Speech and checkpoints go to the work directory. A step that was stopped goes on where it was. After
`npm run evaluate -- starter`, which writes evaluation.json, run the step `cards` again.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from starters import STARTERS, TRAINING

STEPS = ("splits", "corpus", "train", "export", "int8", "proxy", "fixtures", "cards")


def commands(step, models, start):
    """Arguments to Python of one step, without --data and --work."""
    names = [s.name for s in models]
    if step == "train":
        from_first = ["--start", str(start)]
        return [
            ["-m", f"{s.kind}.train", "--size", s.size, *(from_first if s.kind == "speech" else [])] for s in models
        ]
    if step == "proxy":
        return [["-m", "proxies.build", "--model", name] for name in names]
    return {
        "splits": [["-m", "text.sentences"]],
        "corpus": [["-m", "speech.corpus"]],
        "export": [["export_models.py", "--only", *names]],
        "int8": [["measure_int8.py", "--only", *names]],
        "fixtures": [["fixtures.py"]],
        "cards": [["model_cards.py", "--only", *names]],
    }[step]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights of the first recogniser; the step train needs them")
    parser.add_argument("--only-model", nargs="*", choices=list(STARTERS), default=list(STARTERS))
    parser.add_argument("--only", nargs="*", choices=STEPS, default=STEPS)
    args = parser.parse_args()
    models = [STARTERS[name] for name in args.only_model]
    if "train" in args.only and args.start is None and any(s.kind == "speech" for s in models):
        parser.error("the step train needs --start")
    start = args.start and args.start.resolve()
    shared = [x for n in ("data", "work") for x in (f"--{n}", str(getattr(args, n).resolve()))]
    for step in STEPS:
        if step in args.only:
            for command in commands(step, models, start):
                print(f"== {step}: {' '.join(command)}", flush=True)
                subprocess.run([sys.executable, *command, *shared], cwd=TRAINING, check=True)


if __name__ == "__main__":
    main()
