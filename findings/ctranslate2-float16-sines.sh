#!/bin/sh
# CTranslate2 4.8.5: converting with quantization="float16".
#
# Expected: float16 is about weights; a model whose weights are float16 numbers already loses nothing.
# Seen: the sines of Marian, M2M100 and NLLB, which transformers computes and never saves, are in the file as
# float16, up to 2.4e-4 beside their values. Two tokens that are close change places; a reader of such files gets
# the exact sines from the width.
# Fails when that changes. Usage: ctranslate2-float16-sines.sh   (PYTHON: an interpreter that has the packages)
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
import struct
import sys
from pathlib import Path

import ctranslate2
import numpy as np
import torch
import transformers
from tokenizers import Tokenizer, models
from transformers import M2M100Config, M2M100ForConditionalGeneration, PreTrainedTokenizerFast

transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
folder = Path(sys.argv[1])


class Converter(ctranslate2.converters.TransformersConverter):
    def load_tokenizer(self, tokenizer_class, model_name_or_path, **kwargs):
        words = ["<s>", "<pad>", "</s>", "<unk>", *[f"w{i}" for i in range(60)]]
        return PreTrainedTokenizerFast(
            tokenizer_object=Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>")),
            bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>",
        )


config = M2M100Config(
    vocab_size=64, d_model=512, encoder_layers=1, decoder_layers=1, encoder_ffn_dim=64, decoder_ffn_dim=64,
    max_position_embeddings=1024, scale_embedding=True, decoder_start_token_id=2,
)
model = M2M100ForConditionalGeneration(config)
with torch.no_grad():
    for weight in model.parameters():
        weight.copy_(weight.half().float())
model.save_pretrained(folder)
Converter(str(folder)).convert(str(folder / "converted"), quantization="float16")
name = b"decoder/position_encodings/encodings\0"
data = (folder / "converted/model.bin").read_bytes()
at = data.index(name) + len(name)
rank, rows, width, dtype, size = struct.unpack_from("<BIIBI", data, at)
stored = np.frombuffer(data, "<f2", rows * width, at + 14).reshape(rows, width).astype(np.float32)
exact = model.model.decoder.embed_positions.weights[2:].numpy()[:rows]
error = np.abs(stored - exact).max()
print(f"ctranslate2 {ctranslate2.__version__}; encodings [{rows}, {width}], dtype {dtype} (4 is float16)")
print(f"largest difference from the sines of transformers: {error:.2e}")
assert rank == 2 and dtype == 4 and 1e-4 < error < 5e-4, "this has changed"
PYTHON
"$python" "$work/run.py" "$work/model"
