"""The benchmark's end of whisper.cpp in a process of its own: one window at a time, its own features, greedy
search in a loop of ours over its decoder, so that every side writes the same number of tokens."""

import numpy as np

import worker
from whisper_cpp import WhisperCpp, version


def main():
    setup = worker.read_setup()
    model = WhisperCpp(setup["file"], setup["threads"], setup["flashAttention"])
    windows = worker.read_windows(setup)
    suppressed = np.array(setup["suppressed"])

    def transcribe(samples):
        model.listen(samples)
        model.encode()
        tokens, past, ids = setup["prompt"], 0, []
        while len(ids) < setup["mostTokens"] and setup["end"] not in ids[-1:]:
            logits = model.logits(tokens, past)
            logits[suppressed] = -np.inf
            past += len(tokens)
            tokens = [int(logits.argmax())]
            ids += tokens
        return ids

    def run(batch):
        # What lies behind the recording is for whisper.cpp to fill.
        return [transcribe(windows[i, : setup["inputs"][i]]) for i in batch]

    worker.serve(setup, version(), worker.read_tokenizer(setup), run)


if __name__ == "__main__":
    main()
