#!/bin/sh
# tokenizers 0.23.3: the normaliser `Precompiled` (T5, mT5, XLM-R, NLLB, mBART, …) loses accents of decomposed text.
#
# Expected: what sentencepiece makes of the same table (nmt_nfkc): e + dot below + circumflex becomes ệ.
# Seen: ẹ; the circumflex is gone. A letter with its accents (up to five bytes) is looked up as a whole, the SHORTEST
# beginning that has a replacement is taken, and the rest of the letter is dropped. So decomposed Vietnamese loses
# marks that tell words apart, before the model sees it.
# Fails when that changes. Usage: tokenizers-precompiled-drops-accents.sh   (PYTHON: an interpreter that has the packages)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet tokenizers==0.23.3 sentencepiece==0.2.3
fi
"$python" - "$work" <<'PYTHON'
import base64, io, json, sys, unicodedata
import sentencepiece, tokenizers

model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(["Ti\u1ebfng Vi\u1ec7t h\u1ecdc t\u1eadp"] * 9), model_writer=model, vocab_size=40,
    model_type="char", normalization_rule_name="nmt_nfkc", minloglevel=2, hard_vocab_limit=False)

def fields(data):
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]; at += 1
            value |= (byte & 127) << shift; shift += 7
            if byte < 128:
                return value
    while at < len(data):
        key = varint()
        if key & 7 == 2:
            size = varint(); yield key >> 3, data[at:at + size]; at += size
        elif key & 7 == 0:
            yield key >> 3, varint()
        else:
            yield key >> 3, data[at:at + 4]; at += 4

spec = next(value for number, value in fields(model.getvalue()) if number == 3)
table = next(value for number, value in fields(spec) if number == 2)
normalize = tokenizers.normalizers.Precompiled(table).normalize_str
processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())

print("tokenizers", tokenizers.__version__, "sentencepiece", sentencepiece.__version__)
text = unicodedata.normalize("NFD", "Việt")
seen, expected = normalize(text), processor.normalize(text).lstrip("\u2581")
print(f"decomposed Việt: tokenizers {ascii(seen)}, sentencepiece {ascii(expected)}")
assert expected == "Vi\u1ec7t" and seen == "Vi\u1eb9t", "this has changed"
PYTHON
