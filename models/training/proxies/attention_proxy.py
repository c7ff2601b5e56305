"""The proxy: learned-query attention pooling over encoder positions, then a small MLP.

    x = gelu(E·Wᵀ + b)            (input "gelu")        or  (E − mean) / deviation  (input "standardise")
    w = softmax over positions of x·Aᵀ + a              one column per query
    p = Σ_t w_t · u_t                                   u = x, or x·Vᵀ + v where a value layer exists
    score = scale · MLP(LayerNorm([p of all queries])) + offset

Shapes: E [B, T, D], mask [B, T]; score [B] in the metric's own unit (WER as a fraction, chrF 0..100).
"""

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class AttentionProxy(nn.Module):
    def __init__(self, width, queries, value, hidden, input_layer, dropout=0.1):
        """value: width of the value layer, or None for none. input_layer: "gelu" | "standardise"."""
        super().__init__()
        if input_layer not in ("gelu", "standardise"):
            raise ValueError(f"input_layer must be gelu or standardise, not {input_layer!r}")
        self.input_layer = input_layer
        if input_layer == "gelu":
            self.input = nn.Linear(width, width)
        else:
            self.register_buffer("mean", torch.zeros(width))
            self.register_buffer("deviation", torch.ones(width))
        self.attention = nn.Linear(width, queries)
        self.value = nn.Linear(width, value) if value else None
        sizes = [queries * (value or width), *hidden]
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


def gradient(proxy, states, mask):
    """Gradient of each score with respect to its own states, zero at masked positions."""
    states = states.detach().requires_grad_(True)
    (g,) = torch.autograd.grad(proxy(states, mask).sum(), states)
    return g


def from_bootstrap_asr(path):
    """The bootstrap's WER proxy: its key layer and queries become one attention layer."""
    s = load_file(path)
    proxy = AttentionProxy(160, 4, None, (256, 256), "gelu")
    state = {
        "input.weight": s["inp.weight"], "input.bias": s["inp.bias"],
        "attention.weight": s["q"] @ s["k.weight"] / 12, "attention.bias": s["q"] @ s["k.bias"] / 12,
        "norm.weight": s["ln.weight"], "norm.bias": s["ln.bias"],
        "scale": torch.tensor(1.0), "offset": torch.tensor(0.0),
    }  # fmt: skip
    for i, k in enumerate((0, 3, 6)):
        state |= {f"layers.{i}.weight": s[f"mlp.{k}.weight"], f"layers.{i}.bias": s[f"mlp.{k}.bias"]}
    proxy.load_state_dict(state)
    return proxy.eval()


def from_bootstrap_mt(path, mean_chrf, deviation_chrf):
    """The bootstrap's chrF proxy; its output was a z-score."""
    s = load_file(path)
    proxy = AttentionProxy(256, 4, 192, (256, 128), "standardise", dropout=0.2)
    state = {
        "mean": s["std.mu"], "deviation": s["std.sd"],
        "attention.weight": s["q"].T.contiguous(), "attention.bias": torch.zeros(4),
        "value.weight": s["v.weight"], "value.bias": s["v.bias"],
        "norm.weight": s["ln.weight"], "norm.bias": s["ln.bias"],
        "scale": torch.tensor(float(deviation_chrf)), "offset": torch.tensor(float(mean_chrf)),
    }  # fmt: skip
    for i, k in enumerate((1, 4, 6)):
        state |= {f"layers.{i}.weight": s[f"mlp.{k}.weight"], f"layers.{i}.bias": s[f"mlp.{k}.bias"]}
    proxy.load_state_dict(state)
    return proxy.eval()
