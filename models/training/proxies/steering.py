"""Fit a proxy that predicts and steers: beside the score, the decoder's loss after the proxy's own step.

    loss = weight · (Huber + 1 − Pearson) − log p(reference | E + α · step(E))

`step` is the direction of `proxies.step`, so the fit goes through the gradient of the proxy (second derivatives) and
through the frozen decoder, at the size of step that is taken later. At a very small α this fits the gradient to the
true one, ∂ log p(reference) / ∂E, by their inner product. The proxy stays a network with one score; its gradient
stays the direction. α is drawn from half to one and a half times its value, so that the slider means something.
"""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from proxies.attention_proxy import score_and_gradient
from proxies.fit import pad, pearson
from proxies.step import direction

SCORE_WEIGHT = 0.3
WARM_UP = 30


@dataclass(frozen=True)
class Items:
    """What is fitted to: encoder outputs as the decoder sees them [T, D] (float16 will do), how many positions of
    each are real, metrics of the plain output, references."""

    rows: list
    lengths: list
    targets: list
    references: list

    def batch(self, chosen):
        """(states [B, T, D], mask [B, T], targets [B], references)"""
        states, _ = pad([self.rows[i].float() for i in chosen])
        mask = (torch.arange(states.shape[1])[None] < torch.tensor([self.lengths[i] for i in chosen])[:, None]).long()
        return states, mask, torch.tensor([self.targets[i] for i in chosen]).float(), [self.references[i] for i in chosen]


def together(parts):
    """One `Items` of several."""
    join = lambda name: [x for part in parts for x in getattr(part, name)]
    return Items(join("rows"), join("lengths"), join("targets"), join("references"))


def dev_loss(proxy, dev, move, reference, size):
    """(Pearson, −log p per token after the step, before it)"""
    proxy.eval()
    scores, after, before, tokens = [], 0.0, 0.0, 0
    for k in range(0, len(dev.rows), 32):
        states, mask, _, texts = dev.batch(range(k, min(k + 32, len(dev.rows))))
        score, step = move(states, mask)
        scores += score.tolist()
        with torch.no_grad():
            total, count = reference.log_probability(states + size * step.detach(), mask, texts)
            plain, _ = reference.log_probability(states, mask, texts)
        after, before, tokens = after - float(total.sum()), before - float(plain.sum()), tokens + int(count.sum())
    proxy.train()
    return float(np.corrcoef(scores, dev.targets)[0, 1]), after / tokens, before / tokens


def fit_steering(
    proxy, train, dev, reference, metric, options, covariance, size, epochs, rate, batch=32, seed=0, log=print
):
    """Fit in place; keep the state with the smallest dev loss after the step. size: α of the step."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    proxy.scale.fill_(float(np.std(train.targets)))
    proxy.offset.fill_(float(np.mean(train.targets)))

    def move(states, mask, learning=False):
        score, g = score_and_gradient(proxy, states, mask, create_graph=learning)
        return score, direction(score, g, states, mask, metric, options, covariance)

    optimizer = torch.optim.AdamW(proxy.parameters(), lr=rate, weight_decay=0.02)
    per_epoch = len(train.rows) // batch
    steps, done, best = int(epochs * per_epoch), 0, (np.inf, None)
    every = max(1, steps // 6)
    while done < steps:
        order = rng.permutation(len(train.rows))
        for k in range(0, per_epoch * batch, batch):
            if done == steps:
                break
            states, mask, want, texts = train.batch(order[k : k + batch])
            score, step = move(states, mask, learning=True)
            fitted = F.huber_loss(score / proxy.scale, want / proxy.scale) + 1 - pearson(score, want)
            moved = states + size * (0.5 + rng.random()) * step
            total, tokens = reference.log_probability(moved, mask, texts)
            loss = SCORE_WEIGHT * fitted - total.sum() / tokens.sum()
            optimizer.param_groups[0]["lr"] = rate * min(1, (done + 1) / WARM_UP) * max(0.02, 1 - done / steps)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(proxy.parameters(), 1.0)
            optimizer.step()
            done += 1
            if done % every == 0 or done == steps:
                r, after, before = dev_loss(proxy, dev, move, reference, size)
                log(f"  step {done} of {steps}: dev Pearson {r:.3f}, −log p {before:.3f} -> {after:.3f}")
                if after < best[0]:
                    best = (after, copy.deepcopy(proxy.state_dict()))
    proxy.load_state_dict(best[1])
    return proxy.eval()
