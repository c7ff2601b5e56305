"""The proxy: learned-query attention pooling over encoder positions, then a small MLP.

    x = gelu(E·Wᵀ + b)  [B, T, N]  (input "gelu")  or  (E − mean) / deviation  [B, T, D]  (input "standardise")
    w = softmax over positions of x·Aᵀ + a              one column per query
    p = Σ_t w_t · u_t                                   u = x, or x·Vᵀ + v where a value layer exists
    score = scale · MLP(LayerNorm([p of all queries])) + offset

Shapes: E [B, T, D], mask [B, T]; score [B] in the metric's own unit (WER as a fraction, chrF 0..100).
"""

import torch
from torch import nn
from torch.nn import functional as F


class AttentionProxy(nn.Module):
    def __init__(self, width, queries, value, hidden, input_layer, inner=None, dropout=0.1):
        """value: width of the value layer, or None for none. input_layer: "gelu" | "standardise".
        inner: width N behind the input layer "gelu", by default that of the encoder."""
        super().__init__()
        if input_layer not in ("gelu", "standardise"):
            raise ValueError(f"input_layer must be gelu or standardise, not {input_layer!r}")
        self.input_layer, self.width = input_layer, width
        inner = inner or width
        if input_layer == "gelu":
            self.input = nn.Linear(width, inner)
        else:
            self.register_buffer("mean", torch.zeros(width))
            self.register_buffer("deviation", torch.ones(width))
        self.attention = nn.Linear(inner, queries)
        self.value = nn.Linear(inner, value) if value else None
        sizes = [queries * (value or inner), *hidden]
        self.norm = nn.LayerNorm(sizes[0])
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, [*hidden, 1]))
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("scale", torch.tensor(1.0))
        self.register_buffer("offset", torch.tensor(0.0))

    def forward(self, states, mask):
        on = mask.bool()[..., None]
        states = torch.where(on, states, 0.0)
        x = F.gelu(self.input(states)) if self.input_layer == "gelu" else (states - self.mean) / self.deviation
        weights = torch.where(on, self.attention(x), -1e9).softmax(1)
        values = self.value(x) if self.value else x
        h = self.norm((weights.transpose(1, 2) @ values).flatten(1))
        for layer in self.layers[:-1]:
            h = self.dropout(F.gelu(layer(h)))
        return self.layers[-1](h)[:, 0] * self.scale + self.offset

    def count(self):
        return sum(p.numel() for p in self.parameters())


class Ensemble(nn.Module):
    """Mean score of several proxies, and so the mean of their gradients."""

    def __init__(self, members):
        super().__init__()
        self.members, self.width = nn.ModuleList(members), members[0].width

    def forward(self, states, mask):
        return torch.stack([member(states, mask) for member in self.members]).mean(0)

    def count(self):
        return sum(member.count() for member in self.members)


def score_and_gradient(proxy, states, mask, create_graph=False):
    """Score [B], and the gradient of each with respect to its own states [B, T, D], zero at masked positions.
    create_graph: both can be differentiated again, with respect to the weights."""
    states = states.detach().requires_grad_(True)
    score = proxy(states, mask)
    (g,) = torch.autograd.grad(score.sum(), states, create_graph=create_graph)
    return score, g


def gradient(proxy, states, mask):
    return score_and_gradient(proxy, states, mask)[1]
