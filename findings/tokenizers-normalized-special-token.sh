#!/bin/sh
# tokenizers 0.23.3: a special token with normalized=True is not skipped when decoding.
#
# Expected: decode(ids, skip_special_tokens=True) leaves <X> out, and id_to_token gives "<X>".
# Seen: with a normaliser that changes its spelling (Lowercase, Prepend, …) both give the normalised spelling, which
# is not among the special ones, so it stays in the text.
# Fails when that changes. Usage: tokenizers-normalized-special-token.sh   (PYTHON: an interpreter that has the package)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet tokenizers==0.23.3
fi
"$python" - <<'PYTHON'
import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers

tokenizer = Tokenizer(models.BPE(vocab={"a": 0}, merges=[]))
tokenizer.normalizer = normalizers.Lowercase()
tokenizer.add_special_tokens([AddedToken("<X>", normalized=True, special=True)])
seen = tokenizer.decode([0, 1], skip_special_tokens=True)
print("tokenizers", tokenizers.__version__, repr(seen), repr(tokenizer.id_to_token(1)))
assert seen == "a <x>" and tokenizer.id_to_token(1) == "<x>", "this has changed"
PYTHON
