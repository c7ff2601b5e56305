#!/bin/sh
# CTranslate2 4.8.5 with transformers 5.24.0: converting a T5 v1.1 model (also Flan-T5, MADLAD, mT5: those with an
# output layer of their own).
#
# Expected: the model computes what transformers computes; only the first T5 scales by d^-1/2 before its output layer.
# Seen: the converter sets scale_outputs = d^-1/2 for every T5, because transformers 5 sets
# config.tie_word_embeddings = true whatever config.json says, and the converter asks that field. The best token of a
# step stays the same; log-probabilities, beams and samples do not. (With transformers 4 the field was false.)
# Fails when that changes. Usage: ctranslate2-t5-untied-scaled.sh   (PYTHON: an interpreter that has the packages)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet --extra-index-url https://download.pytorch.org/whl/cpu \
    'torch==2.13.0+cpu' transformers==5.24.0 ctranslate2==4.8.5 tokenizers==0.23.3
fi
cat > "$work/run.py" <<'PYTHON'
import sys
from pathlib import Path

import ctranslate2
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
folder = Path(sys.argv[1])
words = ["<pad>", "</s>", "<unk>", *[f"w{i}" for i in range(61)]]
tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
).save_pretrained(folder)
torch.manual_seed(0)
config = T5Config(
    vocab_size=64, d_model=16, d_kv=4, d_ff=32, num_layers=1, num_heads=4, feed_forward_proj="gated-gelu",
    tie_word_embeddings=False, decoder_start_token_id=0,
)
model = T5ForConditionalGeneration(config).eval()
model.lm_head.weight = torch.nn.Parameter(torch.randn(64, 16))
model.save_pretrained(folder)
ctranslate2.converters.TransformersConverter(str(folder)).convert(str(folder / "converted"))
translator = ctranslate2.Translator(str(folder / "converted"))
found = torch.tensor(translator.score_batch([["w1", "w2", "</s>"]], [["w5", "w6"]])[0].log_probs)
with torch.no_grad():
    logits = model(input_ids=torch.tensor([[4, 5, 1]]), decoder_input_ids=torch.tensor([[0, 8, 9]])).logits[0]
labels = torch.tensor([[8], [9], [1]])
right = logits.log_softmax(-1).gather(1, labels)[:, 0]
scaled = (logits / 16**0.5).log_softmax(-1).gather(1, labels)[:, 0]
print(f"ctranslate2 {ctranslate2.__version__}, transformers {transformers.__version__}")
print("config.tie_word_embeddings", model.config.tie_word_embeddings)
print("transformers              ", right.tolist())
print("CTranslate2               ", found.tolist())
print("transformers, logits / √d ", scaled.tolist())
assert torch.allclose(found, scaled, atol=1e-3) and not torch.allclose(found, right, atol=0.1), "this has changed"
PYTHON
"$python" "$work/run.py" "$work/model"
