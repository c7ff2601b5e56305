"""Pieces per second of CPU time that training reaches, by shape and arithmetic, on one thread.

    python -m translation.speed

CPU time does not count the time in which other programs have the core, so the numbers hold on a shared machine.
"""

import time

import torch
from transformers import T5Config, T5ForConditionalGeneration

from training_run import MuonAndAdam
from translation.train import TABLES, TeacherForced, factor

SHAPES = {  # width, units, encoder layers, decoder layers, vocabulary
    "today": (256, 768, 5, 2, 6000), "10+2": (256, 768, 10, 2, 10000), "12+3, 1024 units": (256, 1024, 12, 3, 10000),
}  # fmt: skip


def measure(shape, bf16, rows=112, length=27, steps=3):
    width, units, encoder, decoder, vocabulary = shape
    config = T5Config(
        vocab_size=vocabulary, d_model=width, d_kv=32, num_heads=width // 32, d_ff=units, num_layers=encoder,
        num_decoder_layers=decoder, feed_forward_proj="gated-gelu", relative_attention_max_distance=64,
        tie_word_embeddings=True, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    )  # fmt: skip
    model = T5ForConditionalGeneration(config)
    network = TeacherForced(model)
    optimizer = MuonAndAdam(model.named_parameters(), 1e-3, 0.0, TABLES, factor)
    ids = torch.randint(3, vocabulary, (rows, length))
    for step in range(steps + 1):
        if step == 1:
            began = time.process_time()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            loss = network(ids, ids, ids)
        loss.backward()
        if step == steps:
            before = time.process_time()
        optimizer.step(1.0)
    now = time.process_time()
    return sum(p.numel() for p in model.parameters()), 2 * rows * length * steps / (now - began), now - before


def main():
    torch.set_num_threads(1)
    for name, shape in SHAPES.items():
        for bf16 in (True, False):
            parameters, speed, optimiser = measure(shape, bf16)
            kind = "bf16" if bf16 else "fp32"
            print(
                f"{name}, {kind}: {parameters / 1e6:.1f} M, {speed:.0f} pieces/s, optimiser {optimiser:.2f} s a step",
                flush=True,
            )


if __name__ == "__main__":
    main()
