"""What the fits of both tasks share."""

import torch


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
