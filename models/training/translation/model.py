"""The translators as `transformers` models: T5 v1.1 with tied embeddings.

Both directions in one model; the task prefix says which, as Flan-T5 writes it.
"""

from pathlib import Path

import sentencepiece
from transformers import T5Config, T5ForConditionalGeneration

from text.sentences import split_pairs

PIECES = 6000
PAD, END = 0, 1
PREFIXES = {
    "en-de": "translate English to German: ",
    "de-en": "translate German to English: ",
}
SIZES = {
    "s": {"d_model": 128, "d_kv": 32, "num_heads": 4, "d_ff": 352, "num_layers": 4, "num_decoder_layers": 2},
    "m": {"d_model": 256, "d_kv": 32, "num_heads": 8, "d_ff": 768, "num_layers": 5, "num_decoder_layers": 2},
    # The next "m", grown from it (`translation/grow.py`), with a vocabulary for documents too; "m3" where a GPU is at
    # hand (`results/translator-run.md`).
    "m2": {"d_model": 256, "d_kv": 32, "num_heads": 8, "d_ff": 768, "num_layers": 10, "num_decoder_layers": 2,
           "vocab_size": 10000},
    "m3": {"d_model": 256, "d_kv": 32, "num_heads": 8, "d_ff": 1024, "num_layers": 12, "num_decoder_layers": 3,
           "vocab_size": 10000},
}  # fmt: skip


def make_config(size):
    return T5Config(
        **{"vocab_size": PIECES, **SIZES[size]}, feed_forward_proj="gated-gelu", dropout_rate=0.1,
        relative_attention_num_buckets=32, relative_attention_max_distance=64, tie_word_embeddings=True,
        pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD,
    )  # fmt: skip


def make_model(size):
    config = make_config(size)
    config._attn_implementation = "eager"
    return T5ForConditionalGeneration(config)


def train_pieces(data, path):
    """SentencePiece unigram over both languages of the train split and the prefixes."""
    path = Path(path)
    lines = dict.fromkeys(side for pair in split_pairs(data)["train"] for side in pair)
    text = path.with_suffix(".txt")
    text.write_text("\n".join([*lines, *[prefix.strip() for prefix in PREFIXES.values()] * 2000]) + "\n")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(path.with_suffix("")), vocab_size=PIECES, model_type="unigram",
        character_coverage=0.9999, pad_id=PAD, eos_id=END, unk_id=2, bos_id=-1, pad_piece="<pad>", eos_piece="</s>",
        unk_piece="<unk>", num_threads=1, minloglevel=1,
    )  # fmt: skip


def load_pieces(path):
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def encode_source(pieces, text, direction):
    return [*pieces.encode(PREFIXES[direction] + text), END]


def encode_target(pieces, text):
    return [*pieces.encode(text), END]
