"""Choose the cross-attention heads that say when a word was spoken, for `alignment_heads`.

    python -m export.alignment_heads --model starter-asr-en-m --work DIR

Dev utterances are joined in pairs with a pause, so it is known which tokens belong to which stretch of
audio. The exported decoder reads their true text. For every head: the share of tokens whose attention
peaks inside their own utterance, and the share of steps on which the peak does not go back. The heads
are ranked by the product. Then the 1, 2, … best are taken together, as readers of this layout do (mean
over heads of the attention normalised over tokens and smoothed by a median of 7, dynamic time
warping), and the number is kept with which the start of the second utterance is found best.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from scipy.signal import medfilt

from export.check import Decoder
from exported import Recogniser
from speech.corpus import RATE, SpeechSet
from speech.features import SAMPLES, valid_positions
from speech.model import NO_TIMESTAMPS, START
from starters import STARTERS

PAIRS = 60
PROMPT = [START, NO_TIMESTAMPS]


def joined_pairs(speech, tokenizer, rng):
    """[(wave, tokens, count of tokens of the first, [(start, end)] of both in positions of 20 ms)]"""
    order, out = list(range(len(speech))), []
    rng.shuffle(order)
    while len(out) < PAIRS:
        a, b = order.pop(), order.pop()
        first, second = speech.wave(a), speech.wave(b)
        start = len(first) + int(rng.uniform(0.2, 0.6) * RATE)
        if start + len(second) > SAMPLES:
            continue
        wave = np.zeros(start + len(second), np.float32)
        wave[: len(first)], wave[start:] = first, second
        tokens = [tokenizer.encode(" " + speech.text(i), add_special_tokens=False).ids for i in (a, b)]
        spans = [(0, len(first) / 320), (start / 320, len(wave) / 320)]
        out.append((wave, tokens[0] + tokens[1], len(tokens[0]), spans))
    return out


def cross_attention(recogniser, decoder, wave, tokens):
    """[layers, heads, tokens and end, positions]: row i is the attention while token i is written."""
    states = recogniser.encode([wave])
    decoder.start(states, None, PROMPT + tokens)
    layers = decoder.attentions[0]
    return np.stack([layer[0] for layer in layers])[:, :, len(PROMPT) - 1 :, : valid_positions(len(wave))]


def warped_starts(weights):
    """Position at which every row begins, by dynamic time warping of [rows, positions]."""
    rows, columns = weights.shape
    cost = np.full((rows + 1, columns + 1), np.inf)
    cost[0, 0], trace = 0, np.zeros((rows + 1, columns + 1), np.int8)
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            options = cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]
            k = int(np.argmin(options))
            cost[i, j], trace[i, j] = options[k] - weights[i - 1, j - 1], k
    starts, i, j = np.zeros(rows), rows, columns
    while i > 0 and j > 0:
        starts[i - 1] = j - 1
        k = trace[i, j]
        i, j = (i - 1, j - 1) if k == 0 else (i - 1, j) if k == 1 else (i, j - 1)
    return starts


def normalised(weights):
    weights = (weights - weights.mean(-2, keepdims=True)) / (weights.std(-2, keepdims=True) + 1e-9)
    return medfilt(weights, [1] * (weights.ndim - 1) + [7])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    folder = STARTERS[args.model].folder
    recogniser = Recogniser(folder, "fp32")
    decoder = Decoder(folder / "onnx/decoder_model_merged.onnx", attentions=True)
    pairs = joined_pairs(SpeechSet(args.work / "speech", "dev_known"), recogniser.tokenizer, random.Random(8))
    attention = [cross_attention(recogniser, decoder, wave, tokens) for wave, tokens, _, _ in pairs]

    scores = {}
    for layer, head in np.ndindex(attention[0].shape[:2]):
        inside, forward = [], []
        for weights, (_, tokens, count, spans) in zip(attention, pairs):
            peaks = weights[layer, head, : len(tokens)].argmax(-1)
            low, high = np.array([spans[int(i >= count)] for i in range(len(tokens))]).T
            inside += ((peaks >= low - 2) & (peaks <= high + 2)).tolist()
            forward += (np.diff(peaks) >= 0).tolist()
        scores[layer, head] = np.mean(inside) * np.mean(forward)
        print(f"layer {layer} head {head}: inside {np.mean(inside):.3f}, forward {np.mean(forward):.3f}", flush=True)
    ranked, best = sorted(scores, key=scores.get, reverse=True), None
    for n in range(1, len(ranked) + 1):
        errors = []
        for weights, (_, _, count, spans) in zip(attention, pairs):
            chosen = np.stack([weights[layer, head] for layer, head in ranked[:n]])
            errors.append(abs(warped_starts(normalised(chosen).mean(0))[count] - spans[1][0]) / 50)
        print(
            f"best {n}: start of the second off by {np.median(errors):.3f} s, mean {np.mean(errors):.3f} s", flush=True
        )
        if best is None or np.mean(errors) < best[0]:
            best = np.mean(errors), sorted(ranked[:n])
    print("alignment_heads:", [list(map(int, pair)) for pair in best[1]])


if __name__ == "__main__":
    main()
