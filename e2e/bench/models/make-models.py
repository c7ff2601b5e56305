"""Makes models of the size of well-known ones with random weights, for `npm run bench`: their texts mean
nothing, their speed is that of the real ones. Writes folders as on the Hub, in float32 and int8, with the weights beside
the graphs, from which the benchmark writes whisper.cpp's files, and the same models for CTranslate2 in
`ctranslate2-float32` and `ctranslate2-int8` of each folder.

    pip install torch==2.13.0 transformers==5.23.0 onnx onnxruntime ctranslate2 faster-whisper
    python e2e/bench/models/make-models.py [--out e2e/bench/models/made] [--only NAME ...]

The end token is suppressed, so that every window or sentence gets the same number of tokens.
Same seed, same weights. Nothing is fetched.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[3]
sys.path += [str(ROOT / "models/training"), str(Path(__file__).resolve().parent)]

import marian
from ctranslate2_folders import write_ctranslate2
from export.onnx_files import export_parts, merge, quantise, save
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import MarianConfig, MarianMTModel, WhisperConfig, WhisperForConditionalGeneration

SEED = 0
NEW_TOKENS = 64
# As the bundled models.
INT8 = {"per_channel": True, "reduce_range": True, "embeddings": True}

WHISPER = {"random-whisper-tiny": (384, 4, 6), "random-whisper-base": (512, 6, 8)}
WHISPER_VOCABULARY, WHISPER_END, WHISPER_START, WHISPER_PLAIN = 51865, 50257, 50258, 50363
MARIAN = "random-opus-mt"
MARIAN_VOCABULARY = 58101


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def write_tokenizer(folder, size, specials, model_class):
    """Every token is a word `wN`; the specials are named."""
    words = {specials.get(i, f"w{i}"): i for i in range(size)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=next(iter(specials.values()))))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens(list(specials.values()))
    if model_class == "MarianTokenizer":
        from tokenizers import processors

        tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 0)])
    tokenizer.save(str(folder / "tokenizer.json"))
    end = next(iter(specials.values()))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": end,
            "unk_token": end,
            "pad_token": specials.get(size - 1, end),
            "model_max_length": 512,
        },
    )


def make_whisper(folder, width, layers, heads):
    config = WhisperConfig(
        vocab_size=WHISPER_VOCABULARY, d_model=width, encoder_layers=layers, decoder_layers=layers,
        encoder_attention_heads=heads, decoder_attention_heads=heads, encoder_ffn_dim=4 * width,
        decoder_ffn_dim=4 * width, num_mel_bins=80, max_source_positions=1500, max_target_positions=448,
        bos_token_id=WHISPER_END, eos_token_id=WHISPER_END, pad_token_id=WHISPER_END,
        decoder_start_token_id=WHISPER_START, suppress_tokens=None, begin_suppress_tokens=None,
        init_std=0.05, is_encoder_decoder=True,
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config).eval()
    specials = {WHISPER_END: "<|endoftext|>", WHISPER_START: "<|startoftranscript|>"}
    specials |= {50259: "<|en|>", 50358: "<|translate|>", 50359: "<|transcribe|>", WHISPER_PLAIN: "<|notimestamps|>"}
    write_tokenizer(folder, WHISPER_VOCABULARY, specials, "WhisperTokenizer")
    write_json(
        folder / "preprocessor_config.json",
        {
            "feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor",
            "feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400, "chunk_length": 30,
            "n_samples": 480000, "nb_max_frames": 3000, "padding_side": "right", "padding_value": 0.0,
            "return_attention_mask": False,
        },
    )  # fmt: skip
    write_json(
        folder / "generation_config.json",
        {
            "decoder_start_token_id": WHISPER_START, "no_timestamps_token_id": WHISPER_PLAIN,
            "bos_token_id": WHISPER_END, "eos_token_id": WHISPER_END, "pad_token_id": WHISPER_END,
            "suppress_tokens": [WHISPER_END, *range(WHISPER_START, WHISPER_VOCABULARY)],
            "begin_suppress_tokens": [], "forced_decoder_ids": None, "is_multilingual": False,
            "return_timestamps": False, "num_beams": 1, "do_sample": False,
            "max_new_tokens": NEW_TOKENS, "max_length": 448,
        },
    )  # fmt: skip
    return model


def make_marian(folder):
    pad = MARIAN_VOCABULARY - 1
    config = MarianConfig(
        vocab_size=MARIAN_VOCABULARY, decoder_vocab_size=MARIAN_VOCABULARY, d_model=512, encoder_layers=6,
        decoder_layers=6, encoder_attention_heads=8, decoder_attention_heads=8, encoder_ffn_dim=2048,
        decoder_ffn_dim=2048, max_position_embeddings=512, activation_function="swish",
        static_position_embeddings=True, scale_embedding=True, share_encoder_decoder_embeddings=True,
        normalize_before=False, normalize_embedding=False, tie_word_embeddings=True,
        pad_token_id=pad, eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=None,
        init_std=0.05,
    )  # fmt: skip
    model = MarianMTModel(config).eval()
    write_tokenizer(folder, MARIAN_VOCABULARY, {0: "</s>", 1: "<unk>", pad: "<pad>"}, "MarianTokenizer")
    write_json(
        folder / "generation_config.json",
        {
            "decoder_start_token_id": pad, "eos_token_id": 0, "pad_token_id": pad, "bos_token_id": 0,
            "suppress_tokens": [0, pad], "num_beams": 1, "do_sample": False, "forced_eos_token_id": None,
            "max_new_tokens": NEW_TOKENS, "max_length": 512,
        },
    )  # fmt: skip
    return model


def write_graphs(model, folder, scratch):
    parts = marian.export_parts(model, scratch) if model.config.model_type == "marian" else export_parts(model, scratch)
    import onnx

    for suffix in ("", "_int8"):
        if suffix:
            parts = [quantise(p, p.with_name(p.stem + suffix + ".onnx"), **INT8) for p in parts]
        encoder, first, cached = parts
        save(onnx.load(encoder), folder / f"onnx/encoder_model{suffix}.onnx")
        merge(first, cached, folder / f"onnx/decoder_model_merged{suffix}.onnx")


@torch.no_grad()
def main():
    names = [*WHISPER, MARIAN]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "made")
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name in args.only:
        torch.manual_seed(SEED)
        folder = args.out / name
        folder.mkdir(parents=True, exist_ok=True)
        model = make_marian(folder) if name == MARIAN else make_whisper(folder, *WHISPER[name])
        generation = (folder / "generation_config.json").read_text()
        model.save_pretrained(folder)
        (folder / "generation_config.json").write_text(generation)
        with tempfile.TemporaryDirectory() as scratch:
            write_graphs(model, folder, Path(scratch))
        print(f"{name}: {sum(p.numel() for p in model.parameters()) / 1e6:.1f} million parameters", flush=True)
        write_ctranslate2(folder)


if __name__ == "__main__":
    main()
