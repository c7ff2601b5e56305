"""Time and peak memory of faster-whisper on one recording: peer-memory.py MODEL RECORDING COMPUTE_TYPE BATCH

BATCH 0 is its sequential way, otherwise its batched pipeline, which finds speech with its own voice detection.
Beam 1, no timestamps, 2 threads. Prints one line of a table; the peak is VmHWM of this process, loading included."""

import re
import sys
import time
from pathlib import Path

from faster_whisper import BatchedInferencePipeline, WhisperModel


def peak_megabytes():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def main():
    model_path, recording, compute, batch = sys.argv[1:]
    model = WhisperModel(model_path, device="cpu", compute_type=compute, cpu_threads=2)
    options = {"language": "en", "beam_size": 1, "temperature": 0, "without_timestamps": True}
    started = time.monotonic()
    if int(batch) > 0:
        segments, _ = BatchedInferencePipeline(model).transcribe(recording, batch_size=int(batch), **options)
    else:
        segments, _ = model.transcribe(recording, condition_on_previous_text=False, **options)
    words = sum(len(segment.text.split()) for segment in segments)
    seconds = time.monotonic() - started
    print(f"| {Path(model_path).name} | {compute} | {batch} | {seconds:.1f} s | {peak_megabytes():.0f} MB | {words} |")


if __name__ == "__main__":
    main()
