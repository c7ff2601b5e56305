"""What the benchmark's ends in Python share: one JSON object per line; first the set-up, then one per run,
each answered with one line."""

import json
import sys
import time
from itertools import islice

import numpy as np
from tokenizers import Tokenizer


def read_setup():
    return json.loads(sys.stdin.readline())


def read_windows(setup):
    """[inputs][samples], mono, 16 kHz, float32: filled with zeros up to the length of a window."""
    return np.fromfile(setup["audio"], np.float32).reshape(len(setup["inputs"]), -1)


def read_tokenizer(setup):
    return Tokenizer.from_file(setup["directory"] + "/tokenizer.json")


def serve(setup, version, tokenizer, run):
    """run: (positions of the inputs of a batch) -> ids of each, without prompt; what follows the end is cut here."""
    end = setup["end"]
    print(json.dumps({"version": version}), flush=True)
    for line in sys.stdin:
        size = json.loads(line)["batchSize"]
        began, ids = time.perf_counter(), []
        places = iter(range(len(setup["inputs"])))
        while batch := list(islice(places, size)):
            for one in run(batch):
                ids.append(one[: one.index(end)] if end in one else one)
                tokenizer.decode(ids[-1], skip_special_tokens=True)
        print(json.dumps({"time": 1000 * (time.perf_counter() - began), "plainIds": ids}), flush=True)
