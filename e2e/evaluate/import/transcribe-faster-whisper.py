"""Texts of faster-whisper for every prompt: transcribe-faster-whisper.py MODEL PROMPTS OUT.jsonl [COMPUTE_TYPE]

Beam 1, temperature 0 only, language given, no voice detection, no timestamps; one thread. A model without
languages reads the English prompts only."""

import json
import sys
import time
from pathlib import Path

import log_mel
from faster_whisper import WhisperModel


def main():
    model_path, prompts, out_path, *compute = sys.argv[1:]
    model = WhisperModel(model_path, device="cpu", compute_type=(compute or ["float32"])[0], cpu_threads=1)
    started, seconds = time.monotonic(), 0
    with open(out_path, "w", encoding="utf-8") as out:
        for line in (Path(prompts) / "prompts.tsv").read_text(encoding="utf-8").splitlines():
            file, language, _ = line.split("\t")
            if language != "en" and not model.model.is_multilingual:
                continue
            samples = log_mel.read_wav(Path(prompts) / file)
            segments, _ = model.transcribe(
                samples, language=language, beam_size=1, temperature=0, without_timestamps=True,
                condition_on_previous_text=False, vad_filter=False,
            )  # fmt: skip
            text = "".join(segment.text for segment in segments).strip()
            seconds += len(samples) / log_mel.RATE
            out.write(json.dumps({"file": file, "language": language, "text": text}, ensure_ascii=False) + "\n")
            out.flush()
    print(f"{seconds:.0f} s of sound in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
