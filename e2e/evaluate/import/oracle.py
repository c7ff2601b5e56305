"""What CTranslate2 writes with a Whisper folder, recording by recording: ids, log-probabilities, word times.

  oracle.py MODEL PROMPTS OUT.jsonl [--language en] [--limit 100] [--features FOLDER] [--write-features FOLDER]

README.md describes the lines of OUT.jsonl and the files of features."""

import argparse
import json
from pathlib import Path

import ctranslate2
import log_mel
import numpy as np
from faster_whisper.tokenizer import Tokenizer as FasterTokenizer
from tokenizers import Tokenizer


def recordings(prompts, language, limit):
    """(file, language, reference), at most `limit` of each language."""
    count = {}
    for line in (prompts / "prompts.tsv").read_text(encoding="utf-8").splitlines():
        file, spoken, reference = line.split("\t")
        count[spoken] = count.get(spoken, 0) + 1
        if language in (None, spoken) and (limit is None or count[spoken] <= limit):
            yield file, spoken, reference


def features_of(arguments, file):
    name = Path(file).with_suffix(".f32")
    if arguments.features is not None:
        return log_mel.read_features(arguments.features / name)
    found = log_mel.log_mel(log_mel.read_wav(arguments.prompts / file))
    if arguments.write_features is not None:
        log_mel.write_features(arguments.write_features / name, found)
    return found


def decode(model, encoded, prompt, tokenizer):
    """Greedy search as the model's config.json says: `suppress_ids` everywhere, `suppress_ids_begin` at the first
    token, and with timestamps OpenAI's rules, the first one at most 1 s."""
    (found,) = model.generate(
        encoded, [prompt], beam_size=1, length_penalty=1, max_length=448, return_scores=True,
        return_no_speech_prob=True, suppress_blank=True, suppress_tokens=[-1], max_initial_timestamp_index=50,
    )  # fmt: skip
    ids = found.sequences_ids[0]
    # CTranslate2 divides by the number of tokens without <|endoftext|>, whose log-probability is in the sum.
    total = found.scores[0] * max(len(ids), 1)
    return {
        "ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=True).strip(), "score": found.scores[0],
        "logProbability": total, "noSpeechProbability": found.no_speech_prob,
    }  # fmt: skip


def words(model, encoded, splitter, start, ids, frames):
    """Word times as OpenAI's `find_alignment` takes them from the path, before its corrections of long words."""
    text = [token for token in ids if token < splitter.eot]
    if not text:
        return {"words": [], "tokenProbabilities": []}
    (found,) = model.align(encoded, start, [text], frames, median_filter_width=7)
    pieces, tokens = splitter.split_to_word_tokens([*text, splitter.eot])
    bounds = np.pad(np.cumsum([len(group) for group in tokens[:-1]]), (1, 0))
    path = np.array(found.alignments)
    times = path[np.pad(np.diff(path[:, 0]), (1, 0), constant_values=1).astype(bool), 1] / 50
    listed = [
        {"word": piece, "start": round(float(times[first]), 2), "end": round(float(times[last]), 2)}
        for piece, first, last in zip(pieces, bounds[:-1], bounds[1:])
    ]
    return {"words": listed, "tokenProbabilities": [round(p, 6) for p in found.text_token_probs]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("prompts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--write-features", type=Path)
    parser.add_argument("--compute-type", default="float32")
    arguments = parser.parse_args()
    model = ctranslate2.models.Whisper(str(arguments.model), compute_type=arguments.compute_type, intra_threads=1)
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    with arguments.out.open("w", encoding="utf-8") as out:
        for file, language, reference in recordings(arguments.prompts, arguments.language, arguments.limit):
            features = features_of(arguments, file)
            samples = len(log_mel.read_wav(arguments.prompts / file))
            frames = min(samples // log_mel.HOP, log_mel.FRAMES)
            encoded = model.encode(ctranslate2.StorageView.from_array(features[None].copy()))
            splitter = FasterTokenizer(tokenizer, model.is_multilingual, task="transcribe", language=language)
            start = splitter.sot_sequence
            plain = decode(model, encoded, [*start, splitter.no_timestamps], tokenizer)
            timed = decode(model, encoded, start, tokenizer)
            line = {
                "file": file, "language": language, "reference": reference, "samples": samples, "frames": frames,
                "start": start, "withoutTimestamps": plain | words(model, encoded, splitter, start, plain["ids"], frames),
                "withTimestamps": timed | words(model, encoded, splitter, start, timed["ids"], frames),
            }  # fmt: skip
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
