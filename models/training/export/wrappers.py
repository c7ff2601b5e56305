"""Torch modules that say what each ONNX file computes, with flat cache tensors.

They use the weights of a `transformers` model and spell the forward pass out, so that the traced
graph has no cache objects in it. `check.py` compares them with the original model.

Shapes: B batch, L decoder tokens of this call, P tokens in the cache, T encoder positions,
H heads, K width of a head, D model width, V vocabulary.
"""

import torch
from torch import nn
from torch.nn import functional as F

MASKED = -1e9


def heads(x, n):
    """[B, L, D] -> [B, H, L, K]"""
    return x.view(x.shape[0], x.shape[1], n, -1).transpose(1, 2)


def weights_of(q, k, bias=None):
    """softmax(q·kᵀ + bias): [B, H, L, P + L] or [B, H, L, T]"""
    scores = q @ k.transpose(-1, -2)
    if bias is not None:
        scores = scores + bias
    return scores.softmax(-1)


def attend(q, k, v, bias=None):
    """softmax(q·kᵀ + bias)·v, heads joined again: [B, L, H·K]"""
    return (weights_of(q, k, bias) @ v).transpose(1, 2).flatten(2)


def causal_bias(length, past):
    """[L, P + L]: 0 where a token may look, MASKED after it."""
    query = torch.arange(length)[:, None] + past
    key = torch.arange(past + length)[None]
    return torch.where(key > query, MASKED, 0.0)


class WhisperEncoder(nn.Module):
    """input_features [B, mels, frames] -> last_hidden_state [B, frames / 2, D]"""

    def __init__(self, model):
        super().__init__()
        self.encoder = model.model.encoder
        self.heads = model.config.encoder_attention_heads

    def forward(self, input_features):
        e = self.encoder
        x = F.gelu(e.conv2(F.gelu(e.conv1(input_features)))).transpose(1, 2)
        x = x + e.embed_positions.weight[: x.shape[1]]
        for layer in e.layers:
            a, h = layer.self_attn, layer.self_attn_layer_norm(x)
            q = heads(a.q_proj(h) * a.scaling, self.heads)
            x = x + a.out_proj(attend(q, heads(a.k_proj(h), self.heads), heads(a.v_proj(h), self.heads)))
            x = x + layer.fc2(F.gelu(layer.fc1(layer.final_layer_norm(x))))
        return e.layer_norm(x)


class WhisperDecoder(nn.Module):
    """First call: (input_ids, encoder_hidden_states). Later calls: (input_ids, *past).

    Returns logits [B, L, V] and per layer decoder key, value and, in the first call,
    encoder key, value; with `attentions` then, per layer, the cross-attention [B, H, L, T].
    """

    def __init__(self, model, cached, attentions=False):
        super().__init__()
        self.decoder, self.proj_out = model.model.decoder, model.proj_out
        self.heads, self.cached = model.config.decoder_attention_heads, cached
        self.attentions = attentions

    def forward(self, input_ids, *rest):
        d, n = self.decoder, self.heads
        past = rest[0].shape[2] if self.cached else 0
        length = input_ids.shape[1]
        x = d.embed_tokens(input_ids) + d.embed_positions.weight[past : past + length]
        bias, present, attentions = causal_bias(length, past), [], []
        for i, layer in enumerate(d.layers):
            a, h = layer.self_attn, layer.self_attn_layer_norm(x)
            k, v = heads(a.k_proj(h), n), heads(a.v_proj(h), n)
            if self.cached:
                k, v = torch.cat([rest[4 * i], k], 2), torch.cat([rest[4 * i + 1], v], 2)
            x = x + a.out_proj(attend(heads(a.q_proj(h) * a.scaling, n), k, v, bias))
            present += [k, v]
            c, h = layer.encoder_attn, layer.encoder_attn_layer_norm(x)
            if self.cached:
                k, v = rest[4 * i + 2], rest[4 * i + 3]
            else:
                k, v = heads(c.k_proj(rest[0]), n), heads(c.v_proj(rest[0]), n)
                present += [k, v]
            weights = weights_of(heads(c.q_proj(h) * c.scaling, n), k)
            x = x + c.out_proj((weights @ v).transpose(1, 2).flatten(2))
            x = x + layer.fc2(F.gelu(layer.fc1(layer.final_layer_norm(x))))
            attentions.append(weights)
        return (self.proj_out(d.layer_norm(x)), *present, *(attentions if self.attentions else []))


def relative_bias(attention, query, key):
    """T5's learned bias of the distance between positions: [1, H, len(query), len(key)]"""
    bucket = attention._relative_position_bucket(
        key[None] - query[:, None],
        bidirectional=not attention.is_decoder,
        num_buckets=attention.relative_attention_num_buckets,
        max_distance=attention.relative_attention_max_distance,
    )
    return attention.relative_attention_bias(bucket).permute(2, 0, 1)[None]


def mask_bias(mask):
    """[B, T] of 0 and 1 -> [B, 1, 1, T] of MASKED and 0"""
    return (1.0 - mask[:, None, None].to(torch.float32)) * MASKED


def gated_gelu(layer, x):
    """T5 v1.1's feed-forward layer, without its inner dropout."""
    return layer.wo(F.gelu(layer.wi_0(x), approximate="tanh") * layer.wi_1(x))


class T5Encoder(nn.Module):
    """input_ids [B, T], attention_mask [B, T] -> last_hidden_state [B, T, D]"""

    def __init__(self, model):
        super().__init__()
        self.encoder, self.heads = model.encoder, model.config.num_heads
        self.drop = nn.Dropout(model.config.dropout_rate)

    def forward(self, input_ids, attention_mask):
        e, n = self.encoder, self.heads
        x = self.drop(e.embed_tokens(input_ids))
        position = torch.arange(input_ids.shape[1])
        bias = relative_bias(e.block[0].layer[0].SelfAttention, position, position) + mask_bias(attention_mask)
        for block in e.block:
            a, h = block.layer[0].SelfAttention, block.layer[0].layer_norm(x)
            x = x + self.drop(a.o(attend(heads(a.q(h), n), heads(a.k(h), n), heads(a.v(h), n), bias)))
            f = block.layer[1]
            x = x + self.drop(gated_gelu(f.DenseReluDense, f.layer_norm(x)))
        return e.final_layer_norm(x)


class T5Decoder(nn.Module):
    """First call: (encoder_attention_mask, input_ids, encoder_hidden_states).
    Later calls: (encoder_attention_mask, input_ids, *past). Returns as WhisperDecoder."""

    def __init__(self, model, cached):
        super().__init__()
        self.decoder, self.lm_head = model.decoder, model.lm_head
        self.heads, self.cached = model.config.num_heads, cached
        self.drop = nn.Dropout(model.config.dropout_rate)
        # T5 with tied embeddings scales the input of the output layer.
        self.scale = model.config.d_model**-0.5 if model.config.scale_decoder_outputs else 1.0

    def forward(self, encoder_attention_mask, input_ids, *rest):
        d, n = self.decoder, self.heads
        past = rest[0].shape[2] if self.cached else 0
        length = input_ids.shape[1]
        x, present = self.drop(d.embed_tokens(input_ids)), []
        query, key = torch.arange(length) + past, torch.arange(past + length)
        bias = relative_bias(d.block[0].layer[0].SelfAttention, query, key) + causal_bias(length, past)
        cross = mask_bias(encoder_attention_mask)
        for i, block in enumerate(d.block):
            a, h = block.layer[0].SelfAttention, block.layer[0].layer_norm(x)
            k, v = heads(a.k(h), n), heads(a.v(h), n)
            if self.cached:
                k, v = torch.cat([rest[4 * i], k], 2), torch.cat([rest[4 * i + 1], v], 2)
            x = x + self.drop(a.o(attend(heads(a.q(h), n), k, v, bias)))
            present += [k, v]
            c, h = block.layer[1].EncDecAttention, block.layer[1].layer_norm(x)
            if self.cached:
                k, v = rest[4 * i + 2], rest[4 * i + 3]
            else:
                k, v = heads(c.k(rest[0]), n), heads(c.v(rest[0]), n)
                present += [k, v]
            x = x + self.drop(c.o(attend(heads(c.q(h), n), k, v, cross)))
            f = block.layer[2]
            x = x + self.drop(gated_gelu(f.DenseReluDense, f.layer_norm(x)))
        return (self.lm_head(d.final_layer_norm(x) * self.scale), *present)
