"""The benchmark's end of CTranslate2 in a process of its own: models as `make-models.py` writes them, the
features as faster-whisper makes them, greedy, with a fixed number of tokens.

Reads one JSON object per line: first the set-up, then one per run; answers each with one line.
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path

import ctranslate2
import numpy as np
from tokenizers import Tokenizer


def recogniser(setup, folder, options):
    from faster_whisper.feature_extractor import FeatureExtractor

    model = ctranslate2.models.Whisper(str(folder), **options)
    extract = FeatureExtractor()
    windows = np.fromfile(setup["audio"], np.float32).reshape(len(setup["inputs"]), -1)

    def run(batch):
        features = np.stack([extract(windows[i])[:, :3000] for i in batch]).astype(np.float32)
        states = model.encode(ctranslate2.StorageView.from_array(features), to_cpu=False)
        results = model.generate(
            states, [setup["prompt"]] * len(batch), beam_size=1, suppress_blank=False,
            # Half of this length may be generated.
            suppress_tokens=setup["suppressed"], max_length=2 * setup["newTokens"], return_scores=True,
        )  # fmt: skip
        return [result.sequences_ids[0] for result in results]

    return run


def translator(setup, folder, options, tokenizer):
    model = ctranslate2.Translator(str(folder), **options)

    def run(batch):
        tokens = [tokenizer.encode(setup["inputs"][i]).tokens for i in batch]
        results = model.translate_batch(
            tokens, beam_size=1, return_scores=True, min_decoding_length=setup["newTokens"],
            max_decoding_length=setup["newTokens"],
        )  # fmt: skip
        return [[tokenizer.token_to_id(token) for token in result.hypotheses[0]] for result in results]

    return run


def main():
    setup = json.loads(sys.stdin.readline())
    directory = Path(setup["directory"])
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    options = {
        "device": "cpu", "compute_type": setup["computeType"], "inter_threads": 1, "intra_threads": setup["threads"],
    }  # fmt: skip
    folder = directory / f"ctranslate2-{setup['computeType']}"
    if setup["task"] == "transcribe":
        run = recogniser(setup, folder, options)
    else:
        run = translator(setup, folder, options, tokenizer)
    print(json.dumps({"version": ctranslate2.__version__}), flush=True)
    for line in sys.stdin:
        size = json.loads(line)["batchSize"]
        began, ids = time.perf_counter(), []
        places = iter(range(len(setup["inputs"])))
        while batch := list(islice(places, size)):
            part = run(batch)
            for one in part:
                tokenizer.decode(one, skip_special_tokens=True)
            ids += part
        print(json.dumps({"time": 1000 * (time.perf_counter() - began), "plainIds": ids}), flush=True)


if __name__ == "__main__":
    main()
