"""Tokenizers and small JSON files of both model folders, in the Hub's layout."""

import json
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from asr import features
from asr.recogniser import CHARACTERS, MAX_NEW_TOKENS

START, END, UNKNOWN = "<|startoftranscript|>", "<|endoftext|>", "<unk>"


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def special(token):
    return AddedToken(token, special=True, normalized=False)


def unigram_tokenizer(spm_file):
    """SentencePiece unigram, T5 style: `</s>` after every text."""
    from sentencepiece import sentencepiece_model_pb2 as proto

    model = proto.ModelProto()
    model.ParseFromString(Path(spm_file).read_bytes())
    assert model.trainer_spec.model_type == 1 and model.trainer_spec.unk_id == 2
    tokenizer = Tokenizer(models.Unigram([(p.piece, p.score) for p in model.pieces], unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap),
            normalizers.Strip(left=True, right=True),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    tokenizer.add_special_tokens([special("<pad>"), special("</s>"), special("<unk>")])
    return tokenizer


def compare_tokenizers(tokenizer, spm_file, sentences):
    """Every sentence must give SentencePiece's ids, then `</s>`."""
    reference = sentencepiece.SentencePieceProcessor(model_file=str(spm_file))
    for sentence, encoding in zip(sentences, tokenizer.encode_batch(sentences), strict=True):
        assert encoding.ids == [*reference.encode(sentence), 1], sentence
    print(f"tokenizer: {len(sentences)} sentences give SentencePiece's ids", flush=True)


def character_tokenizer():
    """The recogniser's characters as a byte-level BPE without merges (space is written "Ġ")."""
    vocabulary = {END: 0, START: 1, UNKNOWN: 2}
    for i, character in enumerate(CHARACTERS):
        vocabulary["Ġ" if character == " " else character] = 3 + i
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{START} $A {END}", pair=f"{START} $A $B {END}", special_tokens=[(END, 0), (START, 1)]
    )
    tokenizer.add_special_tokens([special(END), special(START), special(UNKNOWN)])
    return tokenizer


def write_translation_files(folder, config, spm_file, sentences):
    folder = Path(folder)
    tokenizer = unigram_tokenizer(spm_file)
    compare_tokenizers(tokenizer, spm_file, sentences)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    tokens = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    write_json(folder / "special_tokens_map.json", tokens)
    write_json(
        folder / "tokenizer_config.json",
        {**tokens, "tokenizer_class": "T5Tokenizer", "extra_ids": 0, "additional_special_tokens": [],
         "clean_up_tokenization_spaces": False, "model_max_length": 128},
    )  # fmt: skip
    write_json(folder / "config.json", config)
    write_json(
        folder / "generation_config.json",
        {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "num_beams": 1, "do_sample": False,
         "max_length": 128},
    )  # fmt: skip


def write_recogniser_files(folder, config):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    character_tokenizer().save(str(folder / "tokenizer.json"))
    tokens = {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": UNKNOWN}
    write_json(folder / "special_tokens_map.json", tokens)
    write_json(
        folder / "tokenizer_config.json",
        {**tokens, "tokenizer_class": "WhisperTokenizer", "add_prefix_space": False, "additional_special_tokens": [],
         "clean_up_tokenization_spaces": False, "model_max_length": MAX_NEW_TOKENS + 2},
    )  # fmt: skip
    write_json(
        folder / "preprocessor_config.json",
        {"feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor",
         "feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400, "chunk_length": features.SECONDS,
         "n_samples": features.SAMPLES, "nb_max_frames": features.FRAMES, "padding_side": "right",
         "padding_value": 0.0, "return_attention_mask": False},
    )  # fmt: skip
    write_json(folder / "config.json", config)
    write_json(
        folder / "generation_config.json",
        {"decoder_start_token_id": 1, "bos_token_id": 1, "eos_token_id": 0, "pad_token_id": 0,
         "suppress_tokens": [1, 2], "begin_suppress_tokens": [], "is_multilingual": False,
         "return_timestamps": False, "num_beams": 1, "do_sample": False, "max_length": 96},
    )  # fmt: skip
