"""Tokenizers and small JSON files of the model folders, in the Hub's layout."""

import json
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from speech.features import FRAMES, SAMPLES
from speech.model import END, MAX_LENGTH, NO_TIMESTAMPS, SECONDS, SPECIAL, START, TEXT_TOKENS
from translation.model import PREFIXES


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def config_of(model, kept, **more):
    values = model.config.to_dict()
    return {"architectures": [type(model).__name__], **{k: values[k] for k in kept.split()}, **more}


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
    """Every sentence must give SentencePiece's ids, then `</s>`. Where letters come three times in a
    row ("appple") two ways to cut them have the same score, and either will do."""
    reference, ties = sentencepiece.SentencePieceProcessor(model_file=str(spm_file)), 0
    score = lambda ids: sum(reference.get_score(i) for i in ids)
    for sentence, encoding in zip(sentences, tokenizer.encode_batch(sentences), strict=True):
        *ids, end = encoding.ids
        expected = reference.encode(sentence)
        same_score = reference.decode(ids) == reference.decode(expected) and abs(score(ids) - score(expected)) < 1e-4
        assert end == 1 and (ids == expected or same_score), sentence
        ties += ids != expected
    print(f"tokenizer: {len(sentences)} sentences give SentencePiece's ids, {ties} of them up to a tie", flush=True)


def write_translation_files(folder, model, spm_file, sentences):
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
         "clean_up_tokenization_spaces": False, "model_max_length": 512},
    )  # fmt: skip
    kept = (
        "model_type vocab_size d_model d_kv d_ff num_layers num_decoder_layers num_heads "
        "relative_attention_num_buckets relative_attention_max_distance dropout_rate layer_norm_epsilon "
        "feed_forward_proj tie_word_embeddings is_encoder_decoder use_cache pad_token_id eos_token_id "
        "decoder_start_token_id"
    )
    tasks = {f"translation_{d.replace('-', '_to_')}": {"prefix": prefix} for d, prefix in PREFIXES.items()}
    write_json(folder / "config.json", config_of(model, kept, dtype="float32", task_specific_params=tasks))
    write_json(
        folder / "generation_config.json",
        {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "num_beams": 1, "do_sample": False,
         "max_length": 128},
    )  # fmt: skip


def recogniser_tokenizer(path):
    """The trained tokenizer with the prompt around every text, as Whisper's own files have it."""
    tokenizer = Tokenizer.from_file(str(path))
    start, end, plain = (SPECIAL[i - TEXT_TOKENS] for i in (START, END, NO_TIMESTAMPS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} {plain} $A {end}",
        pair=f"{start} {plain} $A $B {end}",
        special_tokens=[(start, START), (plain, NO_TIMESTAMPS), (end, END)],
    )
    return tokenizer


def write_recogniser_files(folder, model, tokenizer_file, alignment_heads=None):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    recogniser_tokenizer(tokenizer_file).save(str(folder / "tokenizer.json"))
    end = SPECIAL[END - TEXT_TOKENS]
    tokens = {"bos_token": end, "eos_token": end, "pad_token": end, "unk_token": end}
    write_json(folder / "special_tokens_map.json", tokens | {"additional_special_tokens": SPECIAL[1:]})
    write_json(
        folder / "tokenizer_config.json",
        {**tokens, "tokenizer_class": "WhisperTokenizer", "add_prefix_space": False,
         "additional_special_tokens": SPECIAL[1:], "clean_up_tokenization_spaces": False,
         "model_max_length": MAX_LENGTH},
    )  # fmt: skip
    write_json(
        folder / "preprocessor_config.json",
        {"feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor",
         "feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400, "chunk_length": SECONDS,
         "n_samples": SAMPLES, "nb_max_frames": FRAMES, "padding_side": "right", "padding_value": 0.0,
         "return_attention_mask": False},
    )  # fmt: skip
    kept = (
        "model_type vocab_size num_mel_bins d_model encoder_layers decoder_layers encoder_attention_heads "
        "decoder_attention_heads encoder_ffn_dim decoder_ffn_dim max_source_positions max_target_positions "
        "activation_function scale_embedding median_filter_width tie_word_embeddings is_encoder_decoder use_cache "
        "decoder_start_token_id bos_token_id eos_token_id pad_token_id suppress_tokens begin_suppress_tokens"
    )
    write_json(folder / "config.json", config_of(model, kept, dtype="float32"))
    # The special tokens but the end of the text are never written; timestamps may be, on request.
    never = [TEXT_TOKENS + i for i in range(len(SPECIAL)) if TEXT_TOKENS + i != END]
    heads = {} if alignment_heads is None else {"alignment_heads": alignment_heads}
    write_json(
        folder / "generation_config.json",
        {"decoder_start_token_id": START, "no_timestamps_token_id": NO_TIMESTAMPS, "bos_token_id": END,
         "eos_token_id": END, "pad_token_id": END, "suppress_tokens": never, "begin_suppress_tokens": [],
         "forced_decoder_ids": None, "is_multilingual": False, "return_timestamps": False,
         "max_initial_timestamp_index": 50, **heads, "num_beams": 1, "do_sample": False, "max_length": MAX_LENGTH},
    )  # fmt: skip
