"""Train one recogniser on windows of 6 s.

    python -m speech.train --work DIR --size s --start first-recogniser.safetensors

Cross entropy of the tokens plus a CTC loss on the encoder (weight 0.3). bf16 matrix products on the
CPU and on CUDA, float32 weights. A run that was stopped goes on from its last checkpoint. Shards of
the training set that appear while it runs are taken up at the next checkpoint.
"""

import os
import random
import time
from pathlib import Path

os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "30000")  # read when torch is loaded

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from export.wrappers import WhisperDecoder, WhisperEncoder
from speech import features
from speech.corpus import SpeechSet
from speech.model import TEXT_TOKENS, make_model, start_from, train_tokenizer, transcribe, word_errors
from speech.windows import Windows, spectra
from training_run import MuonAndAdam, Run, load_weights, set_up, share_of_rate, training_arguments

SEED = 6
CTC_WEIGHT, BLANK = 0.3, TEXT_TOKENS
SMOOTHING = 0.05
BATCH = 16
RECIPES = {"s": {"steps": 3000, "rate": 1.2e-3}, "m": {"steps": 5000, "rate": 1e-3}}
TABLES = ("embed_tokens", "embed_positions", "proj_out", "ctc")
DEV = ("dev_known", "dev_unseen", "dev_digits")


def shard_names(folder):
    return sorted(p.stem for p in folder.glob("train-*.json"))


def word_error_rate(model, tokenizer, speech, count):
    errors = total = 0
    count = min(count, len(speech))
    for i, text in enumerate(transcribe(model, tokenizer, [speech.wave(i) for i in range(count)])):
        e, n = word_errors(speech.text(i), text)
        errors, total = errors + e, total + n
    return errors / total


def main():
    parser = training_arguments(__doc__, RECIPES)
    parser.add_argument("--start", type=Path, help="weights of the first recogniser")
    args = parser.parse_args()
    if not (args.start or args.weights):
        parser.error("one of --start and --weights is needed")
    recipe, folder = RECIPES[args.size], args.work / "speech"
    steps, device = set_up(args, recipe, SEED)

    tokenizer_file = args.work / "speech-tokenizer.json"
    if not tokenizer_file.exists():
        train_tokenizer(args.data, tokenizer_file)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    dev = [SpeechSet(folder, name) for name in DEV]
    features.check([dev[0].wave(i) for i in range(4)])
    shards = shard_names(folder)
    model = make_model(args.size)
    if args.weights:
        load_weights(model, args.weights)
    else:
        start_from(model, args.start)
    model, ctc = model.to(device), nn.Linear(model.config.d_model, TEXT_TOKENS + 1).to(device)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(shards)} shards", flush=True)
    report = lambda n: " ".join(f"{word_error_rate(model, tokenizer, s, n):.4f}" for s in dev)

    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    named += ctc.named_parameters("ctc")
    optimizer = MuonAndAdam(named, recipe["rate"], 0.01, TABLES)
    run = Run(args.work / f"speech-{args.size}", steps, minutes_between=8)
    step = run.resume([model, ctc], optimizer)
    windows = Windows([u for s in shards for u in spectra(folder, s)], tokenizer, random.Random(SEED + step))
    # The encoder's shapes never change; the decoder's length does.
    encode = torch.compile(WhisperEncoder(model), dynamic=False)
    decode = torch.compile(WhisperDecoder(model, cached=False), dynamic=True)
    said, total = time.time(), [0.0, 0.0]
    while step < steps:
        mel, inputs, targets, texts = windows.batch(BATCH)
        with torch.autocast(device, torch.bfloat16):
            states = encode(mel.to(device))
            logits = decode(inputs.to(device), states)[0]
            frames = ctc(states)
        ce = F.cross_entropy(logits.float().flatten(0, 1), targets.flatten().to(device), label_smoothing=SMOOTHING)
        aux = F.ctc_loss(
            frames.float().log_softmax(-1).transpose(0, 1), torch.tensor(sum(texts, []), dtype=torch.long),
            torch.full((BATCH,), features.POSITIONS), torch.tensor([len(t) for t in texts]), blank=BLANK,
            zero_infinity=True,
        )  # fmt: skip
        ((1 - CTC_WEIGHT) * ce + CTC_WEIGHT * aux).backward()
        norm = nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        if torch.isfinite(norm):
            optimizer.step(share_of_rate(step, steps, 150))
        else:
            optimizer.zero_grad()
        step, total = step + 1, [total[0] + ce.item(), total[1] + aux.item()]
        if step % 50 == 0:
            speed = 50 * BATCH / (time.time() - said)
            print(
                f"{run.seconds / 60:.1f} min, step {step}, {speed:.0f} windows/s, tokens {total[0] / 50:.3f}, "
                f"ctc {total[1] / 50:.3f}", flush=True,
            )  # fmt: skip
            said, total = time.time(), [0.0, 0.0]
        if run.after_step(step, [model, ctc], optimizer) and step < steps:
            print("dev WER (known, unseen, digits):", report(48), flush=True)
            new = [s for s in shard_names(folder) if s not in shards]
            if new:
                shards += new
                windows.add([u for s in new for u in spectra(folder, s)], tokenizer)
    facts = {"size": args.size, "device": device, "seed": SEED, "shards": len(shards), "batch": BATCH, **recipe}
    run.finish(model, facts)
    print(f"done in {run.seconds / 60:.1f} min, dev WER (known, unseen, digits): {report(200)}", flush=True)


if __name__ == "__main__":
    main()
