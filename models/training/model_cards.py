"""Write README.md and SHA256SUMS of the model folders.

    python model_cards.py [--only NAME ...]

The text is from here, the numbers are from results/*.json, docs/results/results.json (`npm run evaluate`), the proxy and
evaluation.json (`npm run evaluate -- starter`).
"""

import argparse
import json
import textwrap
from pathlib import Path

from proxies.card import sha256, span
from starters import RESULTS, ROOT, STARTERS

RECOGNISER = """---
license: cc-by-sa-4.0
language: en
library_name: transformers.js
pipeline_tag: automatic-speech-recognition
---

# {name}

A small English speech recogniser of the Whisper architecture, in the English-only layout. It comes with Veer so
that the program works without a network and can be tested. It is no match for OpenAI's models.

## What it is

- {parameters:,} parameters: width {d_model}, {encoder_layers} encoder and {decoder_layers} decoder layers, {heads} heads, 80 mels.
- Window of 6 s: 96,000 samples, 600 mel frames, 300 encoder positions. `preprocessor_config.json` and
  `max_source_positions` say so.
- Byte-level BPE of 768 text tokens, Whisper's special tokens, and timestamps from `<|0.00|>` to `<|6.00|>` in
  steps of 20 ms. Prompt: `<|startoftranscript|><|notimestamps|>`, or the first alone for timestamps.
- It writes sentences with capitals and punctuation; numbers as words.{attentions}
- Files in the layout of the Hub's `onnx-community` models. Opset 17. {sizes}.

## What it is not good for

- **Real speech.** Nearly all of its training speech is synthetic; only strings of digits are recordings of people
  (five speakers). On recordings of people who say anything but digits it will mostly write wrong words.
- Anything where words matter.{plainly} More go wrong with voices that it has not heard, even synthetic ones, and in noise:
  see the table below.
- Names, rare words and anything outside everyday sentences: it spells what it hears, often wrongly.
- Other languages, several speakers at once, music.
- Without speech it should write nothing, but may write a short sentence, above all in noise.

## How it was made

It started from the weights of a first recogniser (width 160, characters), which we had trained in the same way
on sentences of 500 words.{widening} Token embeddings
started anew.

Trained on windows of 6 s: utterances laid into a window at random times, half with timestamps, in noise at 4 to
32 dB for a third to a half of them; cross entropy plus CTC on the encoder. {compute}

Data: {utterances:,} utterances, {hours} h, before noise:

- Everyday sentences of Tatoeba (CC BY 2.0 FR; tatoeba.org, www.manythings.org/anki) and phrases of ours (numbers,
  dates, times, names, spelling), spoken by synthesisers from Debian: espeak-ng (many English variants), flite (slt,
  awb, kal16) and festival (kal_diphone, ked_diphone, cmu_us_slt_arctic_hts). Some at another speed, in a room, through
  MP3, Opus or 8 kHz.
- Strings of recorded digits: Free Spoken Digit Dataset (CC BY-SA 4.0), index 17-49, without the speaker theo.

Not heard in training: the flite voice rms, three espeak-ng voices, the speaker theo, the sentences of the dev, test
and proxy splits, and the recordings with index 0-16.

Licence of the weights: CC BY-SA 4.0, that of the Free Spoken Digit Dataset. See `LICENSE`.

## Measured
{measured}
### int8

Dynamic, MatMul and embeddings only, weights int8, {int8_settings}. A first look at dev (word error
rate, and share of texts equal to those of fp32):

{int8}

{habits}

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

# {name}

A small translation model between English and German, both ways, of the T5 v1.1 architecture. It comes with Veer so
that the program works without a network and can be tested. It knows everyday sentences only.

## What it is

- {parameters:,} parameters: width {d_model}, {num_layers} encoder and {num_decoder_layers} decoder layers, {num_heads} heads, gated GELU; the
  embedding table is also the output layer.
- The task prefix says the direction: `translate English to German: ` or `translate German to English: `
  (`task_specific_params` of `config.json`).
- SentencePiece unigram vocabulary of 6,000 pieces for both languages as `tokenizer.json`; `</s>` is appended.
  Compared with SentencePiece at export on all sentences of the dev, test and proxy splits.
- Files in the layout of the Hub's `onnx-community` models. Opset 17. {sizes}.

## What it is not good for

- Anything but everyday sentences: names, numbers, special fields and long sentences go wrong, often fluently, so
  that only someone who reads the source will notice. Nothing that matters should be translated with it.
- Several sentences at once. It was trained on single ones of at most 48 pieces; Veer cuts texts into sentences.
- Typing errors and missing punctuation: see the table below.
- Other languages.

## How it was made

Trained from scratch in both directions on {pairs:,} sentence pairs of Tatoeba (CC BY 2.0 FR; attribution: tatoeba.org
and www.manythings.org/anki, file of 2018-04-07). The dev, test and proxy splits share no source sentence with them, in
either direction. {compute}

Licence of the weights: CC BY 2.0, as the data. See `LICENSE`.

## Measured
{measured}
### int8

Dynamic, MatMul and embeddings only, weights int8, {int8_settings}. A first look at dev (against
the first reference, and share of texts equal to those of fp32):

{int8}

## Proxy `chrf-attention`

{proxy}
"""

SETS = {
    "test_known": "voices of the training", "test_unseen": "an unseen synthetic voice",
    "test_unseen_formant": "unseen espeak-ng voices", "test_noise": "noise at 0 to 10 dB",
    "test_digits": "recorded digits, speakers of the training", "test_digits_unseen": "recorded digits, an unseen speaker",
    "test_shifted": "hard noise, telephone, fast, unseen voice in noise", "en-de": "English to German",
    "de-en": "German to English",
}  # fmt: skip
UNITS = {"wer": "WER", "bleu": "BLEU", "chrf": "chrF"}
ATTENTIONS = """
- The decoder also gives its cross-attention (`cross_attentions.0`, …), and `generation_config.json` names the
  `alignment_heads` for times of words."""
WIDENING = """ This one is twice as wide: every channel of the first one is there twice,
so that training began with the same encoder function."""


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines)


def wrap(text):
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False)


def read(path):
    return json.loads(path.read_text()) if path.exists() else None


def percent(x):
    return f"{100 * x:.1f} %"


def megabytes(folder, *files):
    return f"{sum((folder / 'onnx' / f).stat().st_size for f in files) / 1e6:.1f} MB"


def sizes(folder):
    fp32 = megabytes(folder, "encoder_model.onnx", "decoder_model_merged.onnx")
    int8 = megabytes(folder, "encoder_model_int8.onnx", "decoder_model_merged_int8.onnx")
    return f"fp32 {fp32}, int8 {int8}"


def compute(training):
    if not training:
        return "The training is not finished."
    cores = "one CPU core" if training["device"] == "cpu" else f"one {training['device'].upper()} device"
    steps, minutes, before = (
        f"{training['steps']:,} steps",
        f"{training['minutes']:.0f} minutes",
        training.get("before"),
    )
    if before:
        steps = f"{before['minutes']:.0f} minutes with AdamW, then {steps} with Muon"
        minutes += " in all"
    return f"{steps}; {minutes} on {cores}, shared with other work, seed {training['seed']}."


def ranged(value, interval):
    return f"{value:.1f} [{interval[0]:.1f}, {interval[1]:.1f}]"


def measured_section(starter):
    """The table of evaluation.json."""
    evaluation = read(starter.folder / "evaluation.json")
    if evaluation is None:
        return "\nNot yet.\n"
    runs = {
        dtype: m
        for dtype, m in evaluation["measurements"].items()
        if m["encoderSha256"] == sha256(starter.folder / f"onnx/encoder_model{'' if dtype == 'fp32' else '_' + dtype}.onnx")
    }  # fmt: skip
    if not runs:
        return "\nNot yet on these files.\n"
    names, first, rows = list(runs), next(iter(runs.values())), []
    for name, scores in first["sets"].items():
        cells = []
        for run in runs.values():
            s = run["sets"].get(name)
            if s is None:
                cells += [""] * (1 if starter.kind == "speech" else 2)
            elif starter.kind == "speech":
                cells.append(ranged(s["wer"], s["interval"]))
            else:
                cells += [ranged(s["bleu"], s["bleuInterval"]), ranged(s["chrf"], s["chrfInterval"])]
        rows.append([f"`{name}`" + (f": {SETS[name]}" if name in SETS else ""), scores["items"], *cells])
    if starter.kind == "speech":
        text = "Word error rate in %, without case and punctuation"
        head = ["test set", "utterances", *names]
    else:
        text = "BLEU and chrF as sacreBLEU computes them, all references"
        head = ["test set", "texts", *(f"{metric}, {n}" for n in names for metric in ("BLEU", "chrF"))]
    note = "greedy, no perturbation, 95 % bootstrap intervals; the sets are in `e2e/fixtures/starter-tests`"
    said = wrap(f"{text}; {note}. `{first['command']}`, {first['date']}.")
    return f"\n{said}\n\n{table(head, rows)}\n"


def plainly(starter):
    """The headline of evaluation.json in words."""
    evaluation = read(starter.folder / "evaluation.json")
    if evaluation is None:
        return ""
    wer = evaluation["measurements"]["fp32"]["sets"]["test_known"]["wer"]
    return f" Even in clean sentences by synthetic voices of its training, {wer:.0f} of 100 words are wrong."


def int8_section(starter, int8):
    """(settings in words, table)"""
    from export_models import INT8

    settings = INT8[starter.kind]
    chosen = " ".join(f"{k}={settings[k]}" for k in ("per_channel", "reduce_range"))
    words = " and ".join(f"`{k}` {'on' if settings[k] else 'off'}" for k in ("per_channel", "reduce_range"))
    if starter.name not in int8:
        return words, "Not yet."
    results, rows = int8[starter.name], []
    for name, label in (("fp32", "fp32"), (chosen, "int8")):
        cells = []
        for s in results[name].values():
            cells += [percent(s["wer"])] if "wer" in s else [s["bleu"], s["chrf"]]
            cells.append(percent(s.get("equal to fp32", 1)))
        rows.append([label, *cells])
    head = [""]
    for name, s in results["fp32"].items():
        head += [f"{name}, {UNITS[metric]}" for metric in s] + ["equal"]
    return words, table(head, rows)


def habits_section(int8, name):
    h = int8.get(name, {}).get("habits")
    if h is None:
        return ""
    kept = [t for t in h["texts for silence and white noise"] if t]
    said = "nothing" if not kept else "text for " + f"{len(kept)} of {len(h['texts for silence and white noise'])}"
    return wrap(
        f"Without timestamps asked for, {h['timestamps among them']} of {h['tokens']:,} tokens written on dev were "
        f"timestamps. For 6 s of silence and of white noise at four levels it wrote {said}."
    )


def proxy_section(starter):
    (folder,) = (starter.folder / "proxies").iterdir()
    card = read(folder / "proxy.json")
    (results,) = [s for s in read(ROOT / "docs/results/results.json")["subjects"] if s["model"] == starter.name]
    unit = "WER points" if card["metric"] == "wer" else "points of mean sentence chrF"
    measured = results["proxy"]["sha256"] == sha256(folder / "proxy.onnx")
    rows = []
    for c in results["test"]["cells"]:
        if c["search"] == "greedy" or c["condition"] == "all":
            controls = [span(c[k]) if c[k] else "" for k in ("random", "flipped")]
            rows.append([c["domain"], c["condition"], c["search"], c["items"], c["plain"], span(c["gain"]), *controls])
    threshold = card.get("gateThreshold")
    text = (
        f"{card['parameters']:,} parameters; normalisation {card['normalisation']}, preconditioning "
        f"{card['preconditioning']}, gate {card['gate']}{f' above {threshold}' if threshold else ''}. {card['trainingData']}"
    )
    entry = card["encoders"]["fp32"]
    if not measured:
        spans = [f"{dtype} {span([e['gain'], *e['interval']])}" for dtype, e in card["encoders"].items()]
        return "\n".join([wrap(text), "", wrap(f"Not yet measured on test. Gains on dev in {unit}: {', '.join(spans)}.")])
    meaning = (
        f"α = {results['alpha']} was chosen on dev with the fp32 encoder, and looked at on test once (`npm run evaluate`, "
        f"`docs/results.md`). Gains in {unit}, positive is better, with 95 % paired bootstrap intervals; plain is the metric "
        f"without a step. On shifted input the prediction has a Pearson of {entry['pearson']} and a Spearman of "
        f"{entry['spearman']} with the real metric."
    )
    head = ["domain", "condition", "search", "inputs", "plain", "gain", "random direction", "wrong sign"]
    int8 = results["int8"]
    int8_text = (
        f"The int8 files, greedy: shifted {span(int8['shifted']['gain'])}, in-domain {span(int8['inDomain']['gain'])}."
    )
    return "\n".join([wrap(text), "", wrap(meaning), "", table(head, rows), "", wrap(int8_text)])


def card(starter, models, int8):
    facts = models[starter.name]
    config = read(starter.folder / "config.json")
    settings, int8_table = int8_section(starter, int8)
    values = config | facts | {
        "name": starter.name,
        "sizes": sizes(starter.folder),
        "compute": compute(facts["training"]),
        "measured": measured_section(starter),
        "int8_settings": settings,
        "int8": int8_table,
        "proxy": proxy_section(starter),
    }  # fmt: skip
    if starter.kind == "translation":
        return TRANSLATOR.format(**values)
    return RECOGNISER.format(
        **values,
        heads=config["encoder_attention_heads"],
        widening=WIDENING if starter.size == "m" else "",
        attentions=ATTENTIONS if "alignment_heads" in read(starter.folder / "generation_config.json") else "",
        habits=habits_section(int8, starter.name),
        plainly=plainly(starter),
    )


def write_sums(folder):
    """SHA256SUMS of all files but itself, as `sha256sum -c` reads it."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{sha256(p)}  {p.relative_to(folder).as_posix()}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="not used here")
    parser.add_argument("--work", type=Path, help="not used here")
    parser.add_argument("--only", nargs="*", choices=list(STARTERS), default=list(STARTERS))
    args = parser.parse_args()
    models, int8 = read(RESULTS / "models.json") or {}, read(RESULTS / "int8.json") or {}
    for name in args.only:
        starter = STARTERS[name]
        (starter.folder / "README.md").write_text(card(starter, models, int8))
        write_sums(starter.folder)
        print(name, flush=True)


if __name__ == "__main__":
    main()
