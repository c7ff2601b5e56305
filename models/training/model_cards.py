"""Write README.md of both model folders: text from here, numbers from results/*.json, hashes of the files."""

import json

from proxies.card import MODELS, RESULTS, sha256, span

RECOGNISER = """---
license: cc-by-sa-4.0
language: en
library_name: transformers.js
pipeline_tag: automatic-speech-recognition
---

# starter-asr-en

A very small English speech recogniser of the Whisper architecture. It makes the app work without a
network and serves its tests. It is no match for OpenAI's models.

## What it is

- 2,662,880 parameters: width 160, 4 encoder and 3 decoder layers, 4 heads, 80 mels.
- Window of 6 s: 96,000 samples, 600 mel frames, 300 encoder positions. `preprocessor_config.json` and
  `max_source_positions` say so.
- 31 tokens: end of text 0, start of transcript 1, unknown 2, then space, apostrophe and a to z, one
  token per character. `tokenizer.json` is a byte-level BPE without merges (space is `Ġ`).
- The decoder's prompt is the start token alone. There are no language, task, timestamp or no-speech
  tokens, so `no_timestamps_token_id` is not set and timestamps cannot be asked for.
- Files in the layout of the Hub's `onnx-community` models. Opset 17.

## Limits

- Lower-case text without punctuation.
- The sentences it was trained on use 500 words, and digits are words. Other words come out as spelled guesses.
- Nearly all of its training speech is synthetic. Only the digits are recordings of people (five speakers in
  training, one more in the test). Results on synthetic speech say little about real speech.
- Inputs longer than 6 s must be cut by the reader.

## How it was made

1. The bootstrap checkpoint: 46 minutes on one CPU core, 13.2 h of speech at dynamic length.
2. On inputs padded to the window, which is what every reader of this layout feeds, the word error rate of that
   checkpoint rose from 9.7 % to 18.6 %. It was fine-tuned for 18 minutes on one core (1,690 steps of 24 utterances), all inputs
   padded to 6 s: `training/asr/finetune.py`.

Data: Tatoeba English sentences (CC BY 2.0, tatoeba.org, www.manythings.org/anki), spoken by espeak-ng
(English variants) and flite (slt, awb, kal16); strings of the Free Spoken Digit Dataset (CC BY-SA 4.0),
index 17-49, without the speaker theo. Tests: other sentences, the flite voice rms, index 0-4, theo.

Licence of the weights: CC BY-SA 4.0, that of the Free Spoken Digit Dataset. See `LICENSE`.

## Measured

Greedy, ONNX Runtime on CPU. Word error rate = all errors / all reference words.

{speech}

`python measure.py --only asr` in `models/training`.

### int8

Dynamic, MatMul only, weights int8, `per_channel` and `reduce_range` on. Dev, WER and share of texts equal to
those of fp32:

{int8}

`reduce_range` also keeps old CPUs without VNNI from saturating.

## Proxy `wer-attention`

{proxy}
"""

TRANSLATOR = """---
license: cc-by-2.0
language:
- en
- de
library_name: transformers.js
pipeline_tag: translation
---

# starter-mt-en-de

A very small English to German translation model of the T5 v1.1 architecture. It makes the app work without
a network and serves its tests. It knows everyday sentences only.

## What it is

- 8,385,280 parameters: width 256, 3 encoder and 3 decoder layers, 8 heads, gated GELU, untied output layer.
- SentencePiece unigram vocabulary of 6,000 pieces as `tokenizer.json`; `</s>` is appended. Equal to
  SentencePiece on all 47,138 sentences of the dev, test and proxy splits (asserted at export).
- No task prefix: the input is the English sentence.
- Files in the layout of the Hub's `onnx-community` models. Opset 17.

## Limits

- Everyday sentences. Long sentences, names and special fields go wrong; it was still improving when training
  stopped (54 minutes on one CPU core).
- One sentence at a time.
- In batches, `generate` of transformers.js 4.3.1 runs on after `</s>` until all rows end at the same step. Use
  one sentence per call there.

## How it was made

Trained from scratch on 144,043 sentence pairs of Tatoeba (CC BY 2.0; attribution: tatoeba.org and
www.manythings.org/anki, file of 2018-04-07). Dev, test and proxy splits share no English sentence with it.
The weights are those of the bootstrap, exported unchanged.

Licence of the weights: CC BY 2.0, as the data. See `LICENSE`.

## Measured

Greedy, at most 2·T + 10 tokens for T source tokens, ONNX Runtime on CPU, 3,000 test sentences, sacreBLEU's
BLEU and chrF. "Shifted" sources are
lower-cased, without punctuation, with a typing error in 30 % of the words of four letters or more.

{translation}

`python measure.py --only mt` in `models/training`.

### int8

Dynamic, MatMul only, weights int8, `per_channel` and `reduce_range` on; embedding tables int8 with one scale
per row. First 1,000 dev sentences, first reference, and share of texts equal to those of fp32:

{int8}

The settings differ little. `reduce_range` also keeps old CPUs without VNNI from saturating.

## Proxy `chrf-attention`

{proxy}
"""


ERROR_KINDS = ("substitutions", "deletions", "insertions")


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines)


def read(name):
    return json.loads((RESULTS / name).read_text())


def percent(x):
    return f"{100 * x:.1f} %"


def proxy_section(folder, name):
    card, results = json.loads((folder / f"proxies/{name}/proxy.json").read_text()), read(f"{name}.json")
    unit = "WER points" if card["metric"] == "wer" else "points of mean sentence chrF"
    rows = []
    for dtype, r in results.items():
        for condition in r["gain"]:
            rows.append([
                dtype, condition, abs(r["plain"].get(condition, float("nan"))) if condition in r["plain"] else "",
                span(r["gain"][condition]), span(r["random direction"][condition]), span(r["wrong sign"][condition]),
                r["correlation"][condition]["pearson"], r["correlation"][condition]["spearman"],
            ])  # fmt: skip
    text = [
        f"{card['parameters']:,} parameters; normalisation {card['normalisation']}, preconditioning {card['preconditioning']}, "
        f"gate {card['gate']}. {card['trainingData']}",
        "",
        "α was chosen on dev: "
        + ", ".join(f"{k} {r['suggestedAlpha']}" for k, r in results.items())
        + ". Test, greedy; a second look at the "
        "test sets, see `training/results/README.md`. "
        f"Gains in {unit}, positive is better, with 95 % paired bootstrap intervals; plain is the mean metric of the set.",
        "",
        table(["", "test set", "plain", "gain", "random direction", "wrong sign", "Pearson", "Spearman"], rows),
    ]
    if "error kinds" in results["fp32"]:
        total = lambda side, kind: sum(v[side][kind] for v in results["fp32"]["error kinds"].values())
        change = [f"{kind} {total('plain', kind)} → {total('perturbed', kind)}" for kind in ERROR_KINDS]
        text += ["", f"Errors of fp32 in noise, plain → perturbed: {', '.join(change)}."]
    rows = [
        [dtype, k, abs(r["clean"]["plain"][k]) if k in r["clean"]["plain"] else "", span(v)]
        for dtype, r in results.items()
        for k, v in r["clean"]["gain"].items()
    ]
    text += ["", "The same α on input that the model was made for:", "", table(["", "test set", "plain", "gain"], rows)]
    return "\n".join(text)


def hashes(folder):
    files = sorted(p for p in folder.rglob("*") if p.suffix == ".onnx" or p.name == "tokenizer.json")
    rows = [[f"`{p.relative_to(folder)}`", p.stat().st_size, f"`{sha256(p)}`"] for p in files]
    return "\n## SHA-256\n\n" + table(["file", "bytes", "sha256"], rows) + "\n"


def main():
    models, int8 = read("models.json"), read("int8.json")
    folder = MODELS / "starter-asr-en"
    names = {
        "test_tts": "synthetic, seen voices, 1,200 sentences", "test_rms": "synthetic, unseen voice, 800 sentences",
        "test_fsdd": "recorded digit strings, seen speakers, 600", "test_theo": "recorded digit strings, unseen speaker, 600",
    }  # fmt: skip
    asr = models["starter-asr-en"]
    card = RECOGNISER.format(
        speech=table(
            ["test set", "fp32", "int8"],
            [[t, percent(asr["fp32"][k]), percent(asr["int8"][k])] for k, t in names.items()],
        ),
        int8=table(
            ["", "tts", "equal", "digits", "equal"],
            [
                [k, *(percent(x) for s in v.values() for x in (s["wer"], s["equal to fp32"]))]
                for k, v in int8["asr"].items()
            ],
        ),
        proxy=proxy_section(folder, "wer-attention"),
    )
    (folder / "README.md").write_text(card + hashes(folder))
    folder = MODELS / "starter-mt-en-de"
    rows = [
        [name, dtype, *(v for kind in ("first reference", "all references") for v in r[name][kind].values())]
        for dtype, r in models["starter-mt-en-de"].items()
        for name in r
    ]
    card = TRANSLATOR.format(
        translation=table(["source", "", "BLEU, first reference", "chrF", "BLEU, all references", "chrF"], rows),
        int8=table(
            ["", "BLEU", "chrF", "equal"],
            [[k, v["bleu"], v["chrf"], percent(v["equal to fp32"])] for k, v in int8["mt"].items()],
        ),
        proxy=proxy_section(folder, "chrf-attention"),
    )
    (folder / "README.md").write_text(card + hashes(folder))


if __name__ == "__main__":
    main()
