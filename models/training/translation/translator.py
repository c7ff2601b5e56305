"""The translation model: splits, `transformers` model, ONNX translation, text shift."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import T5Config, T5ForConditionalGeneration

from export.check import Decoder, greedy, session


def read_split(bootstrap, name):
    """[(source, [references])] of `split.<name>.tsv.gz`."""
    with gzip.open(Path(bootstrap) / f"mt/split.{name}.tsv.gz", "rt", encoding="utf8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    return [(r[0], r[1:]) for r in rows]


def load(bootstrap):
    config = T5Config(**json.loads((Path(bootstrap) / "mt/config.json").read_text()))
    config._attn_implementation = "eager"
    model = T5ForConditionalGeneration(config)
    # transformers 5 ties the output layer to the embeddings whatever the config says: part them.
    model.lm_head.weight = nn.Parameter(model.lm_head.weight.detach().clone())
    state = load_file(Path(bootstrap) / "mt/model.safetensors")
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and set(missing) <= {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight"}
    return model.eval()


def shift(sentence, rng):
    """Lower case, no punctuation, and in 30 % of the words of four letters or more one typing
    error: two letters swapped, one dropped, one doubled or one replaced."""
    words = "".join(c if c.isalnum() or c in "' " else " " for c in sentence.lower()).split()
    for i, word in enumerate(words):
        if len(word) < 4 or rng.random() >= 0.3:
            continue
        k = rng.randrange(len(word) - 1)
        words[i] = rng.choice(
            [
                word[:k] + word[k + 1] + word[k] + word[k + 2 :],
                word[:k] + word[k + 1 :],
                word[:k] + word[k] + word[k:],
                word[:k] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[k + 1 :],
            ]
        )
    return " ".join(words)


def shifted(sentences, seed):
    rng = random.Random(seed)
    return [shift(s, rng) for s in sentences]


class Translator:
    """Greedy translation with the exported files of one data type ("fp32" or "int8")."""

    def __init__(self, folder, dtype, threads=1):
        suffix = "" if dtype == "fp32" else "_" + dtype
        self.encoder = session(Path(folder) / f"onnx/encoder_model{suffix}.onnx", threads)
        self.decoder = Decoder(Path(folder) / f"onnx/decoder_model_merged{suffix}.onnx", threads)
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))

    def batches(self, sentences, size=48):
        """Batches of sentences of equal token count: (indices, ids [B, T])."""
        ids = [self.tokenizer.encode(s).ids for s in sentences]
        groups = {}
        for i, x in enumerate(ids):
            groups.setdefault(len(x), []).append(i)
        for _, group in sorted(groups.items()):
            for k in range(0, len(group), size):
                yield group[k : k + size], np.array([ids[i] for i in group[k : k + size]])

    def encode(self, ids):
        mask = np.ones_like(ids)
        return self.encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0], mask

    def decode(self, states, mask):
        limit = min(120, 2 * states.shape[1] + 10)
        return self.tokenizer.decode_batch(greedy(self.decoder, states, mask, 0, 1, limit))

    def translate(self, sentences, change=None):
        """`change(states, mask)` -> states handed to the decoder."""
        out = [""] * len(sentences)
        for indices, ids in self.batches(sentences):
            states, mask = self.encode(ids)
            if change:
                states = change(states, mask)
            for i, text in zip(indices, self.decode(states, mask)):
                out[i] = text
        return out
