"""Torch modules that say what each ONNX file of a Marian model computes, with flat cache tensors, and
their export; beside `models/training/export/wrappers.py`, whose words it uses.

Shapes: B batch, L decoder tokens of this call, P tokens in the cache, T encoder positions, D width.
"""

import torch
from export.onnx_files import cache_names, trace
from export.wrappers import attend, causal_bias, heads, mask_bias
from torch import nn
from torch.nn import functional as F


def feed_forward(layer, x):
    return layer.final_layer_norm(x + layer.fc2(F.silu(layer.fc1(x))))


class MarianEncoder(nn.Module):
    """input_ids [B, T], attention_mask [B, T] -> last_hidden_state [B, T, D]"""

    def __init__(self, model):
        super().__init__()
        self.encoder, self.heads = model.model.encoder, model.config.encoder_attention_heads

    def forward(self, input_ids, attention_mask):
        e, n = self.encoder, self.heads
        x = e.embed_tokens(input_ids) * e.embed_scale + e.embed_positions.weight[: input_ids.shape[1]]
        bias = mask_bias(attention_mask)
        for layer in e.layers:
            a = layer.self_attn
            q = heads(a.q_proj(x) * a.scaling, n)
            attended = a.out_proj(attend(q, heads(a.k_proj(x), n), heads(a.v_proj(x), n), bias))
            x = feed_forward(layer, layer.self_attn_layer_norm(x + attended))
        return x


class MarianDecoder(nn.Module):
    """First call: (encoder_attention_mask, input_ids, encoder_hidden_states).
    Later calls: (encoder_attention_mask, input_ids, *past). Returns logits and caches."""

    def __init__(self, model, cached):
        super().__init__()
        self.decoder, self.lm_head, self.bias = model.model.decoder, model.lm_head, model.final_logits_bias
        self.heads, self.cached = model.config.decoder_attention_heads, cached

    def forward(self, encoder_attention_mask, input_ids, *rest):
        d, n = self.decoder, self.heads
        past = rest[0].shape[2] if self.cached else 0
        length = input_ids.shape[1]
        x = d.embed_tokens(input_ids) * d.embed_scale + d.embed_positions.weight[past : past + length]
        causal, cross, present = causal_bias(length, past), mask_bias(encoder_attention_mask), []
        for i, layer in enumerate(d.layers):
            a = layer.self_attn
            k, v = heads(a.k_proj(x), n), heads(a.v_proj(x), n)
            if self.cached:
                k, v = torch.cat([rest[4 * i], k], 2), torch.cat([rest[4 * i + 1], v], 2)
            x = layer.self_attn_layer_norm(x + a.out_proj(attend(heads(a.q_proj(x) * a.scaling, n), k, v, causal)))
            present += [k, v]
            c = layer.encoder_attn
            if self.cached:
                k, v = rest[4 * i + 2], rest[4 * i + 3]
            else:
                k, v = heads(c.k_proj(rest[0]), n), heads(c.v_proj(rest[0]), n)
                present += [k, v]
            attended = c.out_proj(attend(heads(c.q_proj(x) * c.scaling, n), k, v, cross))
            x = feed_forward(layer, layer.encoder_attn_layer_norm(x + attended))
        return (self.lm_head(x) + self.bias, *present)


def export_parts(model, folder):
    """Trace encoder, first decoder call and cached decoder call to three files in `folder`."""
    config = model.config
    width, layers, n = config.d_model, config.decoder_layers, config.decoder_attention_heads
    batch, length = {0: "batch_size"}, {0: "batch_size", 1: "encoder_sequence_length"}
    mask, tokens = torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long)
    names = ["input_ids", "attention_mask", "last_hidden_state"]
    encoder = trace(
        MarianEncoder(model), (tokens, mask), folder / "encoder.onnx", names[:2], names[2:], dict.fromkeys(names, length)
    )
    axes = {"encoder_attention_mask": length, "encoder_hidden_states": length}
    for key in ("input_ids", "logits"):
        axes[key] = batch | {1: "decoder_sequence_length"}
    for prefix, part, name in (
        ("past_key_values", "decoder", "past_decoder_sequence_length"),
        ("past_key_values", "encoder", "encoder_sequence_length"),
        ("present", "decoder", "decoder_cache_length"),
        ("present", "encoder", "encoder_sequence_length"),
    ):
        for key in cache_names(prefix, layers, (part,)):
            axes[key] = batch | {2: name}
    pick = lambda *keys: {k: axes[k] for k in keys if k in axes}
    lead, inputs = (mask, torch.ones(2, 3, dtype=torch.long)), ["encoder_attention_mask", "input_ids"]
    states = torch.randn(2, 7, width)
    outputs = ["logits", *cache_names("present", layers)]
    first_inputs = [*inputs, "encoder_hidden_states"]
    first = trace(
        MarianDecoder(model, False), (*lead, states), folder / "decoder_first.onnx", first_inputs, outputs,
        pick(*first_inputs, *outputs),
    )  # fmt: skip
    past = tuple(torch.randn(2, n, 5 if i % 4 < 2 else 7, width // n) for i in range(4 * layers))
    outputs = ["logits", *cache_names("present", layers, ("decoder",))]
    inputs = [*inputs, *cache_names("past_key_values", layers)]
    cached = trace(
        MarianDecoder(model, True), (*lead, *past), folder / "decoder_cached.onnx", inputs, outputs,
        pick(*inputs, *outputs),
    )  # fmt: skip
    return encoder, first, cached
