"""Fit a proxy so that its step helps, and not only so that its score is right.

    loss = −log p(wanted text | E + α · step) per token  +  weight · (Huber + 1 − Pearson of the score)

`step` is the direction of `step.py`: made of the proxy's own gradient ∂score/∂E, so the first term is differentiated
through that gradient and through the frozen decoder, to the proxy's weights alone. Where α is small the first term is
the inner product of the step and the true gradient ∂log p(wanted text)/∂E; α is about that of use, so that what the
decoder does at that distance counts too. The wanted text is the reference, or the model's own output where the step
should change nothing. None is needed to make a step later.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from proxies.attention_proxy import score_and_gradient
from proxies.fit import pad, pearson
from proxies.step import direction

WARM_UP = 50


@dataclass(frozen=True)
class Items:
    """Encoder outputs [T, D] each, metric of the plain output [N], ids of the wanted text [L] each (with the end)."""

    states: list
    scores: np.ndarray
    wanted: list

    def __len__(self):
        return len(self.states)


def together(parts):
    """One `Items` of several."""
    join = lambda name: [x for part in parts for x in getattr(part, name)]
    return Items(join("states"), np.array(join("scores")), join("wanted"))


def shifted_right(texts):
    """(decoder input [B, L], the same one later [B, L]), padded with 0, which is the start as well"""
    out = nn.utils.rnn.pad_sequence(texts, batch_first=True)
    return torch.cat([torch.zeros_like(out[:, :1]), out[:, :-1]], 1), out


def log_probability(decoder, states, mask, texts):
    """Mean log p per token of every text [B]; decoder: a `T5Decoder` without cache"""
    given, wanted = shifted_right(texts)
    logits = decoder(mask.long(), given, states)[0]
    loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=0, reduction="none")
    return -loss.view(wanted.shape).sum(1) / (wanted != 0).sum(1)


def batches(items, rows, positions, rng):
    """Lists of indices of like length: at most `rows`, and at most `positions` of source and target in all."""
    lengths = np.array([len(s) + len(r) for s, r in zip(items.states, items.wanted, strict=True)])
    order, out = rng.permutation(len(items)), []
    for k in range(0, len(order), 64 * rows):
        block = order[k : k + 64 * rows]
        block = block[np.argsort(lengths[block] + rng.normal(size=len(block)), kind="stable")]
        batch = []
        for i in block:
            if batch and (len(batch) == rows or (len(batch) + 1) * max(lengths[batch].max(), lengths[i]) > positions):
                out.append(batch)
                batch = []
            batch.append(i)
        out.append(batch)
    # Pearson of a handful says little.
    out = [b for b in out if len(b) >= 8]
    return [out[i] for i in rng.permutation(len(out))]


def steered(proxy, decoder, items, chosen, alpha, metric, options, covariance, learning):
    """(log p per token of the wanted texts after the step, predicted scores, scores), [B] each"""
    states, mask = pad([items.states[i] for i in chosen])
    score, g = score_and_gradient(proxy, states, mask, create_graph=learning)
    moved = states + alpha * direction(score, g, states, mask, metric, options, covariance)
    log_p = log_probability(decoder, moved, mask, [items.wanted[i] for i in chosen])
    return log_p, score, torch.tensor(items.scores[chosen], dtype=torch.float32)


def check(proxy, decoder, items, alpha, *rest):
    """On other items: log p per token gained by the step, and Pearson of the score."""
    proxy.eval()
    gained, pairs = [], []
    for k in range(0, len(items), 50):
        chosen = list(range(k, min(len(items), k + 50)))
        plain, score, wanted = steered(proxy, decoder, items, chosen, 0.0, *rest, learning=False)
        gained.append((steered(proxy, decoder, items, chosen, alpha, *rest, learning=False)[0] - plain).detach())
        pairs.append(torch.stack([score.detach(), wanted]))
    proxy.train()
    return float(torch.cat(gained).mean()), float(torch.corrcoef(torch.cat(pairs, 1))[0, 1])


def steer(
    proxy, decoder, items, dev, metric, options, covariance, alpha, score_weight, steps, rate, rows, positions, seed, log
):
    """Fit in place. decoder: frozen. The log shows `dev`; nothing is chosen by it."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    proxy.scale.fill_(float(np.std(items.scores)))
    proxy.offset.fill_(float(np.mean(items.scores)))
    optimizer = torch.optim.AdamW(proxy.parameters(), lr=rate, weight_decay=0.02)
    queue = []
    proxy.train()
    for step in range(steps):
        queue = queue or batches(items, rows, positions, rng)
        log_p, score, wanted = steered(
            proxy, decoder, items, queue.pop(), alpha, metric, options, covariance, learning=True
        )
        fits = F.huber_loss(score / proxy.scale, wanted / proxy.scale) + 1 - pearson(score, wanted)
        optimizer.param_groups[0]["lr"] = rate * min(1, (step + 1) / WARM_UP) * (1 - step / steps)
        optimizer.zero_grad()
        (score_weight * fits - log_p.mean()).backward()
        nn.utils.clip_grad_norm_(proxy.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 250 == 0:
            gained, r = check(proxy, decoder, dev, alpha, metric, options, covariance)
            log(f"  step {step + 1}: dev log p per token {gained:+.3f}, Pearson {r:.3f}")
    return proxy.eval()
