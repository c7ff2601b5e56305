"""Train one translator, both directions at once.

    python -m translation.train --data DIR --work DIR --size s

bf16 matrix products on the CPU and
on CUDA, float32 weights and residuals. A run that was stopped goes on from its last checkpoint.
"""

import os
import random
import time

os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "30000")  # read when torch is loaded

import torch
from torch import nn
from torch.nn import functional as F

from export.wrappers import T5Decoder, T5Encoder
from text.sentences import split_pairs
from training_run import MuonAndAdam, Run, load_weights, set_up, share_of_rate, training_arguments
from translation.model import PAD, encode_source, encode_target, load_pieces, make_model, train_pieces

SEED = 5
LONGEST = 48  # pieces
SMOOTHING = 0.1
TABLES = ("shared", "relative_attention_bias")
RECIPES = {
    "s": {"steps": 14000, "tokens": 6000, "rate": 3e-3, "dropout": 0.03},
    "m": {"steps": 9000, "tokens": 6500, "rate": 2e-3, "dropout": 0.1},
}


def examples(data, pieces, split, limit=None):
    """[(source ids, target ids)] of both directions."""
    out = []
    for english, german in split_pairs(data)[split][:limit]:
        out.append((encode_source(pieces, english, "en-de"), encode_target(pieces, german)))
        out.append((encode_source(pieces, german, "de-en"), encode_target(pieces, english)))
    return [pair for pair in out if max(map(len, pair)) <= LONGEST]


def round_up(n, step=3):
    return -(-n // step) * step


def batches(pairs, tokens, rng):
    """Lists of indices: one rounded source length S and target length T, as many rows as `tokens`
    allow. Rows depend on S and T alone, and a last batch is filled up with repeats, so that only
    few shapes occur: the matrix library prepares each shape once."""
    groups = {}
    for i, (source, target) in enumerate(pairs):
        groups.setdefault((round_up(len(source)), round_up(len(target))), []).append(i)
    out = []
    for (s, t), group in groups.items():
        rows = max(16, tokens // (s + t) // 16 * 16)
        rng.shuffle(group)
        group += rng.choices(group, k=-len(group) % rows) if len(group) % rows > rows // 4 else []
        out += [group[k : k + rows] for k in range(0, len(group) // rows * rows, rows)]
    rng.shuffle(out)
    return out


def padded(rows):
    length = round_up(max(map(len, rows)))
    return torch.tensor([row + [PAD] * (length - len(row)) for row in rows])


def collate(pairs, indices):
    source, target = padded([pairs[i][0] for i in indices]), padded([pairs[i][1] for i in indices])
    shifted = torch.cat([torch.full((len(indices), 1), PAD), target[:, :-1]], 1)
    return source, shifted, target


class TeacherForced(nn.Module):
    """(source [B, T], shifted target [B, L], target [B, L]) -> smoothed loss."""

    def __init__(self, model):
        super().__init__()
        self.encoder, self.decoder = T5Encoder(model), T5Decoder(model, cached=False)

    def forward(self, source, shifted, target):
        mask = (source != PAD).long()
        logits = self.decoder(mask, shifted, self.encoder(source, mask))[0]
        smoothing = SMOOTHING if self.training else 0.0
        return F.cross_entropy(
            logits.float().flatten(0, 1), target.flatten(), ignore_index=PAD, label_smoothing=smoothing
        )


def factor(name):
    """T5 starts with large embeddings and small query weights: their steps follow."""
    return 3.0 if name.startswith("shared") else 0.35 if name.endswith(".q.weight") else 1.0


@torch.no_grad()
def dev_loss(network, pairs, device):
    """Mean negative log-likelihood per target piece."""
    network.eval()
    total = count = 0
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
    for k in range(0, len(order), 96):
        tensors = [x.to(device) for x in collate(pairs, order[k : k + 96])]
        n = int((tensors[2] != PAD).sum())
        with torch.autocast(device, torch.bfloat16):
            total, count = total + network(*tensors).item() * n, count + n
    network.train()
    return total / count


def main():
    args = training_arguments(__doc__, RECIPES).parse_args()
    recipe = RECIPES[args.size]
    steps, device = set_up(args, recipe, SEED)

    pieces_file = args.work / "translation.model"
    if not pieces_file.exists():
        train_pieces(args.data, pieces_file)
    pieces = load_pieces(pieces_file)
    train, dev = examples(args.data, pieces, "train"), examples(args.data, pieces, "dev")
    model = make_model(args.size)
    if args.weights:
        load_weights(model, args.weights)
    model = model.to(device)
    network = TeacherForced(model)
    network.encoder.drop.p = network.decoder.drop.p = recipe["dropout"]
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(train)} examples", flush=True)
    optimizer = MuonAndAdam(model.named_parameters(), recipe["rate"], 0.0, TABLES, factor)
    run = Run(args.work / f"translation-{args.size}", steps)
    step = run.resume([model], optimizer)
    rng, order = random.Random(SEED + step), []
    compiled = torch.compile(network, dynamic=True)
    network.train()
    said, seen, total = time.time(), 0, 0.0
    while step < steps:
        order = order or batches(train, recipe["tokens"], rng)
        indices = order.pop()
        tensors = [x.to(device) for x in collate(train, indices)]
        with torch.autocast(device, torch.bfloat16):
            loss = compiled(*tensors)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step(share_of_rate(step, steps, 400))
        step, seen, total = step + 1, seen + len(indices), total + loss.item()
        if step % 100 == 0:
            speed = seen / (time.time() - said)
            print(f"{run.seconds / 60:.1f} min, step {step}, {speed:.0f} pairs/s, loss {total / 100:.3f}", flush=True)
            said, seen, total = time.time(), 0, 0.0
        if run.after_step(step, [model], optimizer) and step < steps:
            print(f"dev {dev_loss(network, dev, device):.4f}", flush=True)
    facts = {"size": args.size, "device": device, "seed": SEED, "examples": len(train), **recipe}
    run.finish(model, facts)
    print(f"done in {run.seconds / 60:.1f} min: dev {dev_loss(network, dev, device):.4f}", flush=True)


if __name__ == "__main__":
    main()
