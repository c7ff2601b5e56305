"""Holds whisper.cpp against ONNX Runtime on a model's float32 graphs: the same features of one recording, then
the prompt and greedy steps; every step reads the token that ONNX Runtime chose.

    python e2e/bench/models/check-whisper-cpp.py FOLDER FILE [--flash-attention] [--audio WAV] [--steps 20]

FOLDER: as on the Hub, with `onnx/`. FILE: written by `whisper-cpp/write-whisper-cpp.ts`. Without a recording the
input is noise, seeded. Prints the largest difference of logits, and how many best tokens are equal.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from transformers import WhisperFeatureExtractor

from whisper_cpp import WhisperCpp

SEED = 0


class OnnxModel:
    """encoder_model.onnx and decoder_model_merged.onnx, one window."""

    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        load = lambda name: onnxruntime.InferenceSession(str(folder / f"onnx/{name}.onnx"), options)
        self._encoder, self._decoder = load("encoder_model"), load("decoder_model_merged")
        self._caches = [i for i in self._decoder.get_inputs() if i.name.startswith("past_key_values")]
        self._outputs = [o.name for o in self._decoder.get_outputs()]

    def encode(self, features):
        """features: [bands, frames]"""
        self._states = self._encoder.run(["last_hidden_state"], {"input_features": features[None]})[0]
        heads = {c.name: (c.shape[1], c.shape[3]) for c in self._caches}
        self._past = {name: np.zeros((1, n, 0, width), np.float32) for name, (n, width) in heads.items()}

    def logits(self, tokens, past):
        feeds = {"input_ids": np.array([tokens]), "encoder_hidden_states": self._states, **self._past}
        feeds["use_cache_branch"] = np.array([past > 0])
        values = dict(zip(self._outputs, self._decoder.run(self._outputs, feeds)))
        for name in self._past:
            # The branch for later steps gives the encoder's caches no second time.
            if past == 0 or ".decoder." in name:
                self._past[name] = values[name.replace("past_key_values", "present")]
        return values["logits"][0, -1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--audio", type=Path)
    parser.add_argument("--flash-attention", action="store_true")
    parser.add_argument("--steps", type=int, default=20)
    args = parser.parse_args()
    extract = WhisperFeatureExtractor.from_pretrained(args.folder)
    if args.audio is None:
        samples = 0.1 * np.random.default_rng(SEED).standard_normal(extract.n_samples, np.float32)
    else:
        import soundfile

        samples = soundfile.read(args.audio, dtype="float32")[0]
    features = extract(samples, sampling_rate=16000, return_tensors="np").input_features[0].astype(np.float32)
    generation = json.loads((args.folder / "generation_config.json").read_text())
    suppressed = generation["suppress_tokens"]
    prompt = [generation["decoder_start_token_id"], generation["no_timestamps_token_id"]]
    other, model = OnnxModel(args.folder), WhisperCpp(args.file, 1, args.flash_attention)
    for listen in ("the same features", "its own features"):
        if listen == "the same features":
            model.set_features(features)
        else:
            model.listen(samples)
        model.encode()
        other.encode(features)
        tokens, past, worst, equal = prompt, 0, 0.0, 0
        for _ in range(args.steps):
            ours, theirs = other.logits(tokens, past), model.logits(tokens, past).copy()
            worst = max(worst, float(np.abs(ours - theirs).max()))
            ours[suppressed], theirs[suppressed] = -np.inf, -np.inf
            past += len(tokens)
            tokens = [int(ours.argmax())]
            equal += tokens[0] == theirs.argmax()
        print(f"{listen}: |Δlogit| ≤ {worst:.4f}, best token equal in {equal} of {args.steps} steps")


if __name__ == "__main__":
    main()
