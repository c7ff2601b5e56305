"""What the fit of a proxy starts from: padded batches, the covariance of encoder outputs, weights of the input layer."""

import torch


def pad(states):
    """List of [T, D] -> [B, T, D] float32"""
    out = torch.zeros(len(states), max(map(len, states)), states[0].shape[1])
    for row, s in zip(out, states):
        row[: len(s)] = s
    return out


def prefix_mask(lengths, positions):
    """[B, positions] of 1 where a position is real"""
    return (torch.arange(positions)[None] < torch.tensor(lengths)[:, None]).long()


def covariance_of(states):
    """List of [T, D] -> [D, D]"""
    x = torch.cat(states).double()
    x = x - x.mean(0)
    return x.T @ x / len(x)


def start_standardised(proxy, states):
    """Random weights of the input layer "gelu", for channels of mean 0 and deviation 1."""
    x = torch.cat(states).double()
    mean, deviation = x.mean(0), x.std(0).clamp(min=1e-4)
    weight = torch.randn(proxy.input.weight.shape, dtype=torch.float64) / proxy.width**0.5 / deviation
    with torch.no_grad():
        proxy.input.weight.copy_(weight)
        proxy.input.bias.copy_(-weight @ mean)


def pearson(a, b):
    a, b = a - a.mean(), b - b.mean()
    return (a * b).sum() / (a.norm() * b.norm() + 1e-8)
