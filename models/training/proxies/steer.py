"""Fit a proxy so that its step helps, and not only so that its score is right.

    loss = −log p(wanted text | E + α · step) per token  +  weight · (Huber + 1 − Pearson of the score)

`step` is the direction of `step.py`: made of the proxy's own gradient ∂score/∂E, so the first term is differentiated
through that gradient (second derivatives) and through the frozen decoder, to the proxy's weights alone. Where α is small
it is the inner product of the step and the true gradient ∂log p(wanted text)/∂E; α is about that of use, so that what the
decoder does at that distance counts too. The wanted text is the reference, or the model's own output where the step
should change nothing. None is needed to make a step later.

Rounds with a κ have, for items with hypotheses, the expected errors beside it (minimum risk training; Shen et al. 2016,
doi.org/10.18653/v1/P16-1159):

    Σ_h q(h) · errors(h)  +  NLL_SHARE · −log p        q = softmax of κ · log p(h | E + α · step) over the hypotheses

The hypotheses are wrong texts that a beam search of the plain model finds. The reference is not among them: it would be
raised by making everything equally likely.
"""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from proxies.attention_proxy import score_and_gradient
from proxies.fit import pad, pearson, prefix_mask
from proxies.step import direction

WARM_UP = 30
LOOKS = 4  # at dev, in every round
NLL_SHARE = 0.5


@dataclass(frozen=True)
class Round:
    """alpha: size of the step; every batch has its own, from half to one and a half times this, so that the slider
    means something. rows, positions: at most so many items, and encoder and decoder positions, in a batch.
    kappa: of the risk, or None for log p alone."""

    alpha: float
    steps: int
    rate: float
    score_weight: float
    rows: int
    positions: int
    kappa: float | None = None


@dataclass(frozen=True)
class Items:
    """Encoder outputs as the decoder sees them [T, D] each (float16 will do), how many positions of each are real,
    metrics of the plain output, wanted texts, hypotheses [(text, errors)] of each (none: [])."""

    states: list
    lengths: list
    scores: list
    wanted: list
    hypotheses: list

    def __len__(self):
        return len(self.states)

    def of(self, chosen):
        return Items(*([part[i] for i in chosen] for part in vars(self).values()))


def together(parts):
    """One `Items` of several."""
    return Items(*([x for part in parts for x in vars(part)[name]] for name in vars(parts[0])))


def batches(items, target_lengths, rows, positions, rng):
    """Lists of indices of like length."""
    lengths = np.array(items.lengths) + target_lengths
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


class Loss:
    """The first term of the loss. reference: `Reference` of the frozen model. errors: (states, mask, references) -> those
    of the model's own output, one for every state."""

    def __init__(self, reference, errors):
        self.reference, self.errors = reference, errors

    def risk(self, states, mask, hypotheses, kappa):
        """Expected errors [B]"""
        counts = [len(some) for some in hypotheses]
        padded = [some + [("", 0)] * (max(counts) - len(some)) for some in hypotheses]
        errors = torch.tensor([[e for _, e in some] for some in padded]).float()
        total, _ = self.reference.log_probabilities(states, mask, [[t for t, _ in some] for some in padded])
        share = torch.where(prefix_mask(counts, max(counts)).bool(), kappa * total, -1e9).softmax(1)
        return (share * errors).sum(1)

    def __call__(self, states, mask, items, kappa):
        """[B]; states: after the step"""
        total, tokens = self.reference.log_probability(states, mask, items.wanted)
        loss = -total / tokens
        judged = [i for i, some in enumerate(items.hypotheses) if some and kappa is not None]
        if judged:
            errors = self.risk(states[judged], mask[judged], [items.hypotheses[i] for i in judged], kappa)
            share = torch.ones(len(items)).index_fill(0, torch.tensor(judged), NLL_SHARE)
            loss = (share * loss).index_add(0, torch.tensor(judged), errors.float())
        return loss


class Step:
    """Batches of items, and the step of a proxy at them."""

    def __init__(self, proxy, metric, options, covariance):
        self.proxy, self.rest = proxy, (metric, options, covariance)

    def __call__(self, items, learning=False):
        """(states [B, T, D], mask [B, T], predicted scores [B], direction [B, T, D])"""
        states, most = pad(items.states), max(items.lengths)
        mask = prefix_mask(items.lengths, states.shape[1])
        # Beyond the real positions there is nothing to be seen, nor any step.
        e, on = states[:, :most], mask[:, :most]
        score, g = score_and_gradient(self.proxy, e, on, create_graph=learning)
        step = direction(score, g, e, on, *self.rest)
        return states, mask, score, F.pad(step, (0, 0, 0, states.shape[1] - most))


def check(step, loss_of, dev, alpha, kappa):
    """On other items, before and after the step: −log p, or in rounds with a κ the errors of the output; and Pearson of
    the score."""
    step.proxy.eval()
    before, after, scores = [], [], []
    for k in range(0, len(dev), 32):
        part = dev.of(range(k, min(k + 32, len(dev))))
        states, mask, score, d = step(part)
        scores += score.tolist()
        for values, e in ((before, states), (after, (states + alpha * d).detach())):
            if kappa is not None:
                values += loss_of.errors(e.numpy(), mask.numpy(), part.wanted)
                continue
            with torch.no_grad():
                values += loss_of(e, mask, part, None).tolist()
    step.proxy.train()
    return np.mean(before), np.mean(after), np.corrcoef(scores, dev.scores)[0, 1]


def steer(proxy, loss_of, items, dev, metric, options, covariance, rounds, seed, log):
    """Fit in place, one round after the other; of each the state with the smallest dev loss after the step is kept.
    loss_of: a `Loss` of the frozen model."""
    proxy.scale.fill_(float(np.std(items.scores)))
    proxy.offset.fill_(float(np.mean(items.scores)))
    step = Step(proxy, metric, options, covariance)
    target_lengths = np.array([len(loss_of.reference.ids(text)) for text in items.wanted])
    for number, r in enumerate(rounds):
        rng = np.random.default_rng([seed, number])
        optimizer = torch.optim.AdamW(proxy.parameters(), lr=r.rate, weight_decay=0.02)
        queue, best, every = [], (np.inf, None), max(1, r.steps // LOOKS)
        proxy.train()
        for done in range(1, r.steps + 1):
            queue = queue or batches(items, target_lengths, r.rows, r.positions, rng)
            part = items.of(queue.pop())
            states, mask, score, d = step(part, learning=True)
            moved = states + r.alpha * (0.5 + rng.random()) * d
            # Nearly twice as fast; dev, in float32, takes the same course.
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(moved, mask, part, r.kappa).mean()
            wanted = torch.tensor(part.scores).float()
            fits = F.huber_loss(score / proxy.scale, wanted / proxy.scale) + 1 - pearson(score, wanted)
            optimizer.param_groups[0]["lr"] = r.rate * min(1, done / WARM_UP) * max(0.02, 1 - (done - 1) / r.steps)
            optimizer.zero_grad()
            (loss + r.score_weight * fits).backward()
            nn.utils.clip_grad_norm_(proxy.parameters(), 1.0)
            optimizer.step()
            if done % every == 0 or done == r.steps:
                before, after, correlation = check(step, loss_of, dev, r.alpha, r.kappa)
                log(f"  round {number}, step {done}: dev {before:.3f} -> {after:.3f}, Pearson {correlation:.3f}")
                if after < best[0]:
                    best = (after, copy.deepcopy(proxy.state_dict()))
        proxy.load_state_dict(best[1])
    return proxy.eval()
