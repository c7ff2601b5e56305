"""Train a translator on the shards of `translation/mixture.py`.

    python -m translation.train_mixture --data DIR --work DIR --cache DIR --size m2 --weights FILE

`--work` keeps the run (`translation-SIZE`); the same command goes on from its last checkpoint, which is at most
four minutes old. `--minutes` ends a session early; `--steps` is the length of the whole run: the rate stays the
same until its last fifth and falls to zero there, so that a run may be made longer before that.
"""

import os
import random
import time
from pathlib import Path

os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "30000")  # read when torch is loaded

import torch
from torch import nn

from training_run import MuonAndAdam, Run, load_weights, set_up, training_arguments
from translation.mixture import dev_sets, read_shard
from translation.model import load_pieces, make_model
from translation.train import TABLES, TeacherForced, collate, dev_loss, factor, round_up

SEED = 21
RECIPES = {
    "m2": {"steps": 12000, "tokens": 4000, "rate": 1e-3, "dropout": 0.0, "warmup": 100},
    "m3": {"steps": 3000, "tokens": 60000, "rate": 2e-3, "dropout": 0.05, "warmup": 150},
}
FALLING = 0.2  # share of the run


def share_of_rate(step, steps, warmup):
    """Linear warm-up, then 1, then a straight line to 0 at the end."""
    return min(1.0, (step + 1) / warmup, max(0.0, (steps - step) / (FALLING * steps)))


def even_batches(pairs, tokens, rng):
    """Lists of indices of like lengths, about `tokens` pieces with padding each. Nothing is left out: documents
    have many lengths of which a shard holds few examples."""
    order = list(range(len(pairs)))
    rng.shuffle(order)
    order.sort(key=lambda i: (round_up(len(pairs[i][0]), 6), len(pairs[i][1])))
    out, rows, longest = [], [], 0
    for i in order:
        size = sum(round_up(len(side)) for side in pairs[i])
        if rows and (len(rows) + 1) * max(longest, size) > tokens:
            out.append(rows)
            rows, longest = [], 0
        rows.append(i)
        longest = max(longest, size)
    out.append(rows)
    rng.shuffle(out)
    return out


class Stream:
    """Batches of the shards in turn. `state`: (passed shards, batches taken of the present one)."""

    def __init__(self, folder, tokens, state=(0, 0)):
        self.files = sorted(folder.glob("*.npz"), key=lambda path: int(path.stem))
        self.tokens, (self.shard, self.taken) = tokens, state
        self.open()

    def open(self):
        self.pairs = read_shard(self.files[self.shard % len(self.files)])
        self.order = even_batches(self.pairs, self.tokens, random.Random(SEED + self.shard))

    def next(self):
        if self.taken == len(self.order):
            self.shard, self.taken = self.shard + 1, 0
            self.open()
        self.taken += 1
        return collate(self.pairs, self.order[self.taken - 1])


class Place(nn.Module):
    """Where a stream stands, kept in the checkpoint beside the weights."""

    def __init__(self):
        super().__init__()
        self.register_buffer("at", torch.zeros(2, dtype=torch.long))
        self.register_buffer("seen", torch.zeros(1, dtype=torch.long))  # target and source pieces


def arguments():
    parser = training_arguments(__doc__, RECIPES)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--minutes", type=float, help="stop after so many, with a checkpoint")
    parser.add_argument("--tokens", type=int, help="pieces of a batch; default: the recipe's")
    parser.add_argument(
        "--compile", action="store_true", help="with torch.compile: it takes minutes, most on a shared core"
    )
    return parser.parse_args()


def main():
    args = arguments()
    recipe = {**RECIPES[args.size], **({"tokens": args.tokens} if args.tokens else {})}
    steps, device = set_up(args, recipe, SEED)
    torch.set_default_device(device)
    pieces = load_pieces(args.cache / "shards/pieces.model")
    model = make_model(args.size)
    if args.weights:
        load_weights(model, args.weights)
    model = model.to(device)
    network, place = TeacherForced(model), Place()
    network.encoder.drop.p = network.decoder.drop.p = recipe["dropout"]
    optimizer = MuonAndAdam(model.named_parameters(), recipe["rate"], 0.01, TABLES, factor)
    run = Run(args.work / f"translation-{args.size}", steps)
    step = run.resume([model, place], optimizer)
    stream = Stream(args.cache / "shards", recipe["tokens"], place.at.tolist())
    dev = dev_sets(args.data, args.cache, pieces)
    say = lambda: " ".join(f"{name} {dev_loss(network, rows, device):.4f}" for name, rows in dev.items())
    print(f"{sum(p.numel() for p in model.parameters())} parameters; step {step}; dev {say()}", flush=True)
    compiled = torch.compile(network, dynamic=True) if args.compile else network
    network.train()
    began, said, pieces_seen, total, looked = time.time(), time.time(), 0, 0.0, time.time()
    while step < steps:
        tensors = stream.next()
        with torch.autocast(device, torch.bfloat16):
            loss = compiled(*[x.to(device) for x in tensors])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step(share_of_rate(step, steps, recipe["warmup"]))
        count = int((tensors[0] != 0).sum() + (tensors[2] != 0).sum())
        step, pieces_seen, total = step + 1, pieces_seen + count, total + loss.item()
        place.at.copy_(torch.tensor([stream.shard, stream.taken]))
        place.seen += count
        if step % 25 == 0:
            speed = pieces_seen / (time.time() - said)
            line = f"{int(place.seen)} pieces, {speed:.0f} pieces/s, loss {total / 25:.3f}"
            print(f"{run.seconds / 60:.1f} min, step {step}, {line}", flush=True)
            said, pieces_seen, total = time.time(), 0, 0.0
        over = args.minutes and time.time() - began > 60 * args.minutes
        if over:
            run.saved = 0.0
        if run.after_step(step, [model, place], optimizer) and time.time() - looked > 900:
            print(f"{run.seconds / 60:.1f} min, step {step}, dev {say()}", flush=True)
            said, pieces_seen, total, looked = time.time(), 0, 0.0, time.time()
        if over:
            return
    run.finish(model, {"size": args.size, "device": device, "seed": SEED, "pieces": int(place.seen), **recipe})
    print(f"done in {run.seconds / 60:.1f} min: dev {say()}", flush=True)


if __name__ == "__main__":
    main()
