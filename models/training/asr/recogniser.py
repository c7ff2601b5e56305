"""The recogniser as a `transformers` model, its characters, and a greedy search for evaluation."""

import json
from pathlib import Path

import jiwer
import torch
from safetensors.torch import load_file
from transformers import WhisperConfig, WhisperForConditionalGeneration

from asr.features import log_mel
from export.wrappers import WhisperDecoder, WhisperEncoder

CHARACTERS = " 'abcdefghijklmnopqrstuvwxyz"
EOS, START, UNKNOWN, FIRST = 0, 1, 2, 3
VOCABULARY = FIRST + len(CHARACTERS)
MAX_NEW_TOKENS = 90


def encode_text(text):
    return [FIRST + CHARACTERS.index(c) for c in text]


def decode_text(ids):
    out = []
    for i in ids:
        if i == EOS:
            break
        if i >= FIRST:
            out.append(CHARACTERS[i - FIRST])
    return "".join(out).strip()


def make_config(bootstrap):
    """The bootstrap's configuration without the values of OpenAI's vocabulary that
    `WhisperConfig` puts in by default."""
    values = json.loads((Path(bootstrap) / "asr/config.json").read_text())
    return WhisperConfig(**values, suppress_tokens=None, begin_suppress_tokens=None, dropout=0.0)


def load(bootstrap, weights=None):
    """Weights of the bootstrap, or of a checkpoint of `finetune.py`."""
    config = make_config(bootstrap)
    config._attn_implementation = "eager"
    model = WhisperForConditionalGeneration(config)
    state = load_file(weights or Path(bootstrap) / "asr/model.safetensors")
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"proj_out.weight"} and not unexpected, (missing, unexpected)
    model.tie_weights()
    return model.eval()


@torch.no_grad()
def greedy(model, states, limit=MAX_NEW_TOKENS):
    """Greedy token ids [B][<= limit] from encoder output [B, T, D]."""
    first, later = WhisperDecoder(model, False), WhisperDecoder(model, True)
    batch = len(states)
    logits, *present = first(torch.full((batch, 1), START), states)
    done, out = torch.zeros(batch, dtype=torch.bool), []
    for _ in range(limit):
        scores = logits[:, -1]
        scores[:, [START, UNKNOWN]] = -torch.inf
        token = torch.where(done, EOS, scores.argmax(-1))
        out.append(token)
        done |= token == EOS
        if done.all():
            break
        past = present
        logits, *present = later(token[:, None], *past)
        # Encoder keys and values stay those of the first call.
        present = [x for i in range(0, len(present), 2) for x in (*present[i : i + 2], *past[2 * i + 2 : 2 * i + 4])]
    return torch.stack(out, 1).tolist()


@torch.no_grad()
def transcribe(model, waves, batch=24):
    encoder, texts = WhisperEncoder(model), []
    for start in range(0, len(waves), batch):
        states = encoder(log_mel(waves[start : start + batch]))
        texts += [decode_text(ids) for ids in greedy(model, states)]
    return texts


def word_errors(reference, hypothesis):
    """(errors, words of the reference) of one utterance."""
    m = jiwer.process_words([reference], [hypothesis or ""])
    return m.substitutions + m.deletions + m.insertions, len(reference.split())
