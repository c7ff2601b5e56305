"""Texts of faster-whisper for every prompt: transcribe-faster-whisper.py MODEL PROMPTS OUT.jsonl [COMPUTE_TYPE [LIMIT]]

Beam 1, temperature 0 only, language given, no voice detection, no timestamps; one thread. A model without
languages reads the English prompts only. LIMIT: at most so many of each language."""

import json
import sys
import time
from collections import Counter
from pathlib import Path

import log_mel
from faster_whisper import WhisperModel


def main():
    model_path, prompts, out_path, *more = sys.argv[1:]
    compute = more[0] if more else "float32"
    limit = int(more[1]) if len(more) > 1 else None
    count = Counter()
    model = WhisperModel(model_path, device="cpu", compute_type=compute, cpu_threads=1)
    started, seconds = time.monotonic(), 0
    with open(out_path, "w", encoding="utf-8") as out:
        for line in (Path(prompts) / "prompts.tsv").read_text(encoding="utf-8").splitlines():
            file, language, _ = line.split("\t")
            count[language] += 1
            if language != "en" and not model.model.is_multilingual or limit is not None and count[language] > limit:
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
