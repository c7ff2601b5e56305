"""Fit a proxy to (encoder output, metric) pairs: Huber loss plus 1 − Pearson within the batch."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def pad(states):
    """List of [T, D] -> ([B, T, D], mask [B, T])"""
    length = max(len(s) for s in states)
    out, mask = torch.zeros(len(states), length, states[0].shape[1]), torch.zeros(len(states), length)
    for i, s in enumerate(states):
        out[i, : len(s)], mask[i, : len(s)] = s, 1
    return out, mask


def covariance_of(states):
    """List of [T, D] -> [D, D]"""
    x = torch.cat(states).double()
    x = x - x.mean(0)
    return x.T @ x / len(x)


def pearson(a, b):
    a, b = a - a.mean(), b - b.mean()
    return (a * b).sum() / (a.norm() * b.norm() + 1e-8)


@torch.no_grad()
def predict(proxy, states, batch=128):
    proxy.eval()
    return np.concatenate([proxy(*pad(states[k : k + batch])).numpy() for k in range(0, len(states), batch)])


def fit(proxy, states, targets, dev_states, dev_targets, epochs, rate, batch=64, seed=0, log=print):
    """Fit in place; keep the epoch with the best dev Pearson. Targets in the metric's own unit.

    The proxy's `scale` and `offset` are set to the deviation and mean of the targets, so that
    the network itself sees z-scores."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    targets = torch.tensor(np.asarray(targets), dtype=torch.float32)
    proxy.scale.fill_(float(targets.std()))
    proxy.offset.fill_(float(targets.mean()))
    optimizer = torch.optim.AdamW(proxy.parameters(), lr=rate, weight_decay=0.02)
    lengths = np.array([len(s) for s in states])
    steps, step, best = epochs * (len(states) // batch), 0, (-1.0, None)
    for epoch in range(epochs):
        # Batches of like length from a shuffled order.
        order = rng.permutation(len(states))
        blocks = [order[k : k + 16 * batch] for k in range(0, len(order), 16 * batch)]
        order = np.concatenate([b[np.argsort(lengths[b], kind="stable")] for b in blocks])
        batches = [order[k : k + batch] for k in range(0, len(order) - batch + 1, batch)]
        rng.shuffle(batches)
        proxy.train()
        for chosen in batches:
            x, mask = pad([states[i] for i in chosen])
            out, want = proxy(x, mask), targets[chosen]
            loss = F.huber_loss(out / proxy.scale, want / proxy.scale) + 1 - pearson(out, want)
            optimizer.param_groups[0]["lr"] = rate * min(1, (step + 1) / 50) * (1 - step / max(1, steps))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(proxy.parameters(), 1.0)
            optimizer.step()
            step += 1
        r = float(np.corrcoef(predict(proxy, dev_states), dev_targets)[0, 1])
        log(f"  epoch {epoch}: dev Pearson {r:.4f}")
        if r > best[0]:
            best = (r, copy.deepcopy(proxy.state_dict()))
    proxy.load_state_dict(best[1])
    return proxy.eval()
