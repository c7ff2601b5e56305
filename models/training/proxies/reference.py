"""log p(reference) of a frozen decoder as a function of the encoder output, and its gradient: the true direction."""

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional as F

from export.read_back import read_back
from export.wrappers import T5Decoder, WhisperDecoder
from speech.model import END, NO_TIMESTAMPS, START

BATCH = 16
IGNORED = -100


def summed(logits, targets):
    """(Σ log p of the targets [B], their count [B])"""
    loss = F.cross_entropy(logits.transpose(1, 2).float(), targets, ignore_index=IGNORED, reduction="none")
    return -loss.sum(1), (targets != IGNORED).sum(1)


class Reference:
    """log p(reference) of a frozen model as a function of its encoder output."""

    def __init__(self, starter):
        model = read_back(starter).requires_grad_(False)
        self.tokenizer = Tokenizer.from_file(str(starter.folder / "tokenizer.json"))
        self.speech = starter.kind == "speech"
        of = WhisperDecoder if self.speech else T5Decoder
        # The wrapper's own dropout is on until eval().
        self.decoder, self.cached = of(model, False).eval(), of(model, True).eval()
        # A recogniser hears each text with a space before it (`speech.windows`).
        self.before, self.prompt, self.end = (" ", [START, NO_TIMESTAMPS], END) if self.speech else ("", [0], 1)

    def ids(self, text):
        # The tokenizer's own template would add the prompt a second time.
        return [*self.tokenizer.encode(self.before + text, add_special_tokens=False).ids, self.end]

    def tokens(self, texts):
        """(decoder input [B, L], targets [B, L] with IGNORED where nothing is asked)"""
        rows = [self.ids(text) for text in texts]
        length = len(self.prompt) + max(map(len, rows)) - 1
        ids, targets = torch.full((len(rows), length), self.end), torch.full((len(rows), length), IGNORED)
        first = len(self.prompt)
        for i, row in enumerate(rows):
            ids[i, : first + len(row) - 1] = torch.tensor(self.prompt + row[:-1])
            targets[i, first - 1 : first - 1 + len(row)] = torch.tensor(row)
        return ids, targets

    def log_probability(self, states, mask, texts):
        """states [B, T, D], mask [B, T] -> (Σ log p of every text [B], its tokens with the end [B])"""
        ids, targets = self.tokens(texts)
        logits = (self.decoder(ids, states) if self.speech else self.decoder(mask, ids, states))[0]
        return summed(logits, targets)

    def log_probabilities(self, states, mask, texts):
        """`log_probability` of as many texts of every state as there are: texts [B][N] -> two of [B, N]. Keys and
        values of the states are computed once."""
        count = len(texts[0])
        ids, targets = self.tokens([text for row in texts for text in row])
        given = () if self.speech else (mask,)
        _, *present = self.decoder(*given, ids[::count, :1], states)
        past = [x.repeat_interleave(count, 0) for x in present]
        # Of the text itself nothing is kept: every token is given at once.
        past = [x[:, :, :0] if i % 4 < 2 else x for i, x in enumerate(past)]
        given = () if self.speech else (mask.repeat_interleave(count, 0),)
        total, tokens = summed(self.cached(*given, ids, *past)[0], targets)
        return total.view(-1, count), tokens.view(-1, count)

    def gradient(self, states, mask, texts):
        """∂ log p / ∂E [B, T, D] as an array, zero at masked positions; states and mask are arrays."""
        parts = []
        for k in range(0, len(states), BATCH):
            e = torch.from_numpy(np.array(states[k : k + BATCH])).requires_grad_(True)
            m = torch.from_numpy(mask[k : k + BATCH])
            total, _ = self.log_probability(e, m, texts[k : k + BATCH])
            (g,) = torch.autograd.grad(total.sum(), e)
            parts.append((g * m[..., None]).numpy())
        return np.concatenate(parts)
