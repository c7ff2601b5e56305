"""The step of `onnx_graph.py` in PyTorch: it can be differentiated, and the graph is compared with it."""

import torch

SMALLEST = 1e-12


def direction(score, g, states, mask, metric, options, covariance=None):
    """σ · gate · n(g·C), [B, T, D], of score [B] and its gradient g [B, T, D]. The gate takes no gradient."""
    on = mask[..., None].to(states.dtype)
    e = torch.where(mask.bool()[..., None], states, 0.0)
    d = g @ covariance if options["preconditioning"] == "covariance" else g
    size = e.flatten(1).norm(dim=1)[:, None, None]
    if options["normalisation"] == "relative":
        d = d / d.flatten(1).norm(dim=1).clamp(min=SMALLEST)[:, None, None] * size
    if options["normalisation"] == "token":
        positions = on.sum((1, 2), keepdim=True).clamp(min=1)
        d = d / d.norm(dim=2, keepdim=True).clamp(min=SMALLEST) * size / positions.sqrt()
    if options["gate"] == "predicted-error":
        error = score.detach() if metric == "wer" else 1 - score.detach() / 100
        threshold = options.get("gateThreshold", 0)
        d = d * ((error - threshold) / (1 - threshold)).clamp(0, 1)[:, None, None]
    return d * (-1 if metric == "wer" else 1)
