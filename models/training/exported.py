"""The exported files in Python: recognition and translation with ONNX Runtime, greedy or with beams, and their errors."""

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from export.beam import beam_search
from export.check import Decoder, greedy, session
from speech.features import log_mel
from speech.model import END, MAX_LENGTH, NO_TIMESTAMPS, START, TEXT_TOKENS, text_of, word_errors
from translation.model import PREFIXES


def suffix(dtype):
    return "" if dtype == "fp32" else "_" + dtype


class Exported:
    """The files of one data type: "fp32" | "int8"."""

    def __init__(self, folder, dtype, threads=1):
        self.dtype = dtype
        self.encoder = session(Path(folder) / f"onnx/encoder_model{suffix(dtype)}.onnx", threads)
        self.decoder = Decoder(Path(folder) / f"onnx/decoder_model_merged{suffix(dtype)}.onnx", threads)
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))


class Recogniser(Exported):
    """Greedy recognition without timestamps."""

    BANNED = tuple(i for i in range(TEXT_TOKENS, NO_TIMESTAMPS + 1) if i != END)

    def encode(self, waves):
        """Encoder output [B, 300, D]. int8 takes one wave at a time, as the app does: its activation
        scales span the batch. (The decoder is run in batches for both.)"""
        batch = 8 if self.dtype == "fp32" else 1
        out = [
            self.encoder.run(None, {"input_features": log_mel(waves[i : i + batch]).numpy()})[0]
            for i in range(0, len(waves), batch)
        ]
        return np.concatenate(out)

    def token_ids(self, states, batch=32):
        out = []
        for i in range(0, len(states), batch):
            part = states[i : i + batch]
            out += greedy(self.decoder, part, None, [START, NO_TIMESTAMPS], END, MAX_LENGTH - 2, self.BANNED)
        return out

    def decode(self, states, beams=1):
        if beams == 1:
            return [text_of(self.tokenizer, ids) for ids in self.token_ids(states)]
        return [found[0][1] for found in self.best(states, beams)]

    def best(self, states, beams, batch=16):
        """[(mean log p, text)] of every input, the best first"""
        out = []
        for i in range(0, len(states), batch):
            search = (states[i : i + batch], None, [START, NO_TIMESTAMPS], END, MAX_LENGTH - 2, beams, self.BANNED)
            out += beam_search(self.decoder, *search)
        return [[(p, text_of(self.tokenizer, ids)) for p, ids in found] for found in out]

    def transcribe(self, waves):
        return [t for i in range(0, len(waves), 32) for t in self.decode(self.encode(waves[i : i + 32]))]


def errors_of(texts, references):
    """int arrays (errors, reference words), one entry per utterance"""
    pairs = [word_errors(r, t) for t, r in zip(texts, references, strict=True)]
    return np.array([e for e, _ in pairs]), np.array([n for _, n in pairs])


class Translator(Exported):
    """Greedy translation. Texts are (direction, source)."""

    def batches(self, texts, size=48):
        """Batches of texts of equal token count: (indices, ids [B, T])."""
        ids = [self.tokenizer.encode(PREFIXES[direction] + source).ids for direction, source in texts]
        groups = {}
        for i, x in enumerate(ids):
            groups.setdefault(len(x), []).append(i)
        for _, group in sorted(groups.items()):
            for k in range(0, len(group), size):
                yield group[k : k + size], np.array([ids[i] for i in group[k : k + size]])

    def encode(self, ids):
        mask = np.ones_like(ids)
        return self.encoder.run(None, {"input_ids": ids, "attention_mask": mask})[0], mask

    def decode(self, states, mask, beams=1):
        if beams == 1:
            return self.tokenizer.decode_batch(greedy(self.decoder, states, mask, [0], 1, 127))
        return [found[0][1] for found in self.best(states, mask, beams)]

    def best(self, states, mask, beams):
        """[(mean log p, text)] of every input, the best first"""
        out = beam_search(self.decoder, states, mask, [0], 1, 127, beams)
        return [[(p, self.tokenizer.decode(ids)) for p, ids in found] for found in out]

    def translate(self, texts):
        out = [""] * len(texts)
        for indices, ids in self.batches(texts):
            for i, text in zip(indices, self.decode(*self.encode(ids))):
                out[i] = text
        return out
