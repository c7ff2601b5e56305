"""Debian's Asterisk prompts → wav files and a table of references: convert_prompts.py PACKAGES OUT

PACKAGES is where the packages were unpacked. Kept: recordings of at most 30 s (one window of Whisper) whose texts
have at least three words and no brackets, in the order of the transcripts: the first 150 in English, all in French
and Spanish. Two texts of one name: the first."""

import gzip
import re
import sys
import wave
from pathlib import Path

import av
import numpy as np

VOICES = {"en": "en_US_f_Allison", "fr": "fr_CA_f_June", "es": "es_MX_f_Allison"}
LIMITS = {"en": 150}
RATE = 16000
LONGEST = 30 * RATE


def transcripts(path):
    """(name, text) of every line `name: text`."""
    for line in gzip.open(path, "rt", encoding="utf-8"):
        name, colon, text = line.partition(":")
        if colon and not line.startswith(";"):
            yield name.strip(), " ".join(text.split())


def usable(text):
    return len(re.findall(r"\w+", text)) >= 3 and not re.search(r"[\[\]<>()]", text)


def read_g722(path):
    """[samples] int16 at 16 kHz."""
    with av.open(str(path), format="g722") as container:
        return np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])


def write_wav(path, samples):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())


def main():
    packages, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = []
    for language, voice in VOICES.items():
        seen = set()
        for name, text in transcripts(
            packages / f"usr/share/doc/asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz"
        ):
            source = packages / f"usr/share/asterisk/sounds/{voice}/{name}.g722"
            if name in seen or not usable(text) or not source.is_file():
                continue
            if len(seen) == LIMITS.get(language):
                break
            samples = read_g722(source)
            if len(samples) > LONGEST:
                continue
            seen.add(name)
            file = f"{language}/{name.replace('/', '-')}.wav"
            write_wav(out / file, samples)
            rows.append(f"{file}\t{language}\t{text}\n")
        print(f"{language}: {len(seen)} recordings")
    (out / "prompts.tsv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
