"""Ten minutes of English prompts with half a second of silence between them: long-recording.py PROMPTS OUT.wav

Whole prompts in the order of the table, again from the first one when they end, until 600 s are full; the rest is
silence. 16 kHz, mono, 16-bit."""

import itertools
import sys
from pathlib import Path

import numpy as np
from convert_prompts import RATE, write_wav
from log_mel import read_wav

LENGTH = 600 * RATE
PAUSE = RATE // 2


def main():
    prompts, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [line.split("\t") for line in (prompts / "prompts.tsv").read_text(encoding="utf-8").splitlines()]
    sound, at = np.zeros(LENGTH, np.int16), 0
    for file in itertools.cycle(row[0] for row in rows if row[1] == "en"):
        samples = np.round(read_wav(prompts / file) * 32768).astype(np.int16)
        if at + len(samples) > LENGTH:
            break
        sound[at : at + len(samples)] = samples
        at += len(samples) + PAUSE
    write_wav(out, sound)
    print(f"{at / RATE:.1f} s of {LENGTH // RATE} are filled")


if __name__ == "__main__":
    main()
