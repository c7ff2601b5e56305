"""The recognisers as `transformers` models, their tokens, and a greedy search for evaluation.

Both start from a first recogniser (characters, 160 wide, trained on a vocabulary of 500 words). `s`
has its shape with one decoder layer less. `m` is twice as wide: every channel of the first one is
there twice, so that it starts with the same encoder function; noise parts the copies.
"""

import math
import random

import jiwer
import torch
from safetensors.torch import load_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import WhisperConfig, WhisperForConditionalGeneration

from export.wrappers import WhisperDecoder, WhisperEncoder
from speech.corpus import SECONDS, english
from speech.features import POSITIONS, log_mel
from text.phrases import phrase

TEXT_TOKENS = 768
SPECIAL = [
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>",
    "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
]  # fmt: skip
TIMESTAMPS = [f"<|{i / 50:.2f}|>" for i in range(SECONDS * 50 + 1)]
END, START, NO_SPEECH, NO_TIMESTAMPS = (
    TEXT_TOKENS + SPECIAL.index(t) for t in ("<|endoftext|>", "<|startoftranscript|>", "<|nospeech|>", "<|notimestamps|>")
)  # fmt: skip
FIRST_TIMESTAMP = NO_TIMESTAMPS + 1
VOCABULARY = FIRST_TIMESTAMP + len(TIMESTAMPS)
MAX_LENGTH = 96
DECODER_LAYERS = [0, 2]  # of the first recogniser
SIZES = {
    "s": {"d_model": 160, "encoder_ffn_dim": 640, "decoder_ffn_dim": 640},
    "m": {"d_model": 320, "encoder_ffn_dim": 960, "decoder_ffn_dim": 640},
}


def train_tokenizer(data, path):
    """Byte-level BPE over the sentences of the train split and phrases."""
    rng = random.Random(3)
    lines = [" " + s for s in english(data, "train")] + [" " + phrase(rng)[0] for _ in range(6000)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TEXT_TOKENS, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(lines, trainer)
    assert tokenizer.get_vocab_size() == TEXT_TOKENS
    special = [AddedToken(t, special=True, normalized=False) for t in SPECIAL]
    tokenizer.add_special_tokens(special)
    # As in Whisper's own files, timestamps are added tokens that are not special.
    tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in TIMESTAMPS])
    assert tokenizer.token_to_id(TIMESTAMPS[0]) == FIRST_TIMESTAMP and tokenizer.get_vocab_size() == VOCABULARY
    tokenizer.save(str(path))


def timestamp(seconds):
    return FIRST_TIMESTAMP + min(len(TIMESTAMPS) - 1, max(0, round(seconds * 50)))


def make_config(size):
    return WhisperConfig(
        vocab_size=VOCABULARY, num_mel_bins=80, **SIZES[size], encoder_layers=4, decoder_layers=len(DECODER_LAYERS),
        encoder_attention_heads=4, decoder_attention_heads=4, max_source_positions=POSITIONS,
        max_target_positions=MAX_LENGTH, activation_function="gelu", scale_embedding=False, dropout=0.0,
        decoder_start_token_id=START, bos_token_id=END, eos_token_id=END, pad_token_id=END, suppress_tokens=None,
        begin_suppress_tokens=None,
    )  # fmt: skip


def make_model(size):
    config = make_config(size)
    config._attn_implementation = "eager"
    return WhisperForConditionalGeneration(config)


def first_state(path):
    """Weights of the first recogniser, with the decoder layers that are kept."""
    out = {}
    for name, value in load_file(path).items():
        parts = name.split(".")
        if parts[:3] == ["model", "decoder", "layers"]:
            if int(parts[3]) not in DECODER_LAYERS:
                continue
            parts[3] = str(DECODER_LAYERS.index(int(parts[3])))
        out[".".join(parts)] = value
    return out


def doubled(x, dim, share=1.0):
    return torch.cat([x, x], dim) * share


def widen(state, config, generator):
    """Twice the width, the same function: inputs that come twice count half.

    Heads keep their number and get twice the width; queries are divided by √2, because a product of
    doubled vectors doubles while its scale 1/√width falls by √2 only.
    """
    out = {}
    for name, x in state.items():
        leaf = name.split(".")[-2:]
        hidden = config.encoder_ffn_dim if ".encoder." in name else config.decoder_ffn_dim
        if leaf[0] == "fc1":
            more = hidden - x.shape[0]
            x = torch.cat([x, x[:more]])
            x = doubled(x, 1, 0.5) if x.dim() == 2 else x
        elif leaf == ["fc2", "weight"]:
            more = hidden - x.shape[1]
            x = torch.cat([x[:, :more] / 2, x[:, more:], x[:, :more] / 2], 1)
            x = doubled(x, 0)
        elif leaf[0] in ("q_proj", "k_proj", "v_proj"):
            x = x.unflatten(0, (config.encoder_attention_heads, -1))
            x = doubled(x, 1).flatten(0, 1)
            x = doubled(x, 1, 0.5) if x.dim() == 2 else x
            x = x / math.sqrt(2) if leaf[0] == "q_proj" else x
        elif leaf == ["out_proj", "weight"]:
            x = x.unflatten(1, (config.encoder_attention_heads, -1))
            x = doubled(doubled(x, 2, 0.5).flatten(1), 0)
        elif leaf == ["conv2", "weight"]:
            x = doubled(doubled(x, 1, 0.5), 0)
        elif "embed_positions" in name:
            x = doubled(x, 1)
        else:  # conv1, norms and every bias
            x = doubled(x, 0)
        if x.dim() > 1 and "embed_positions" not in name:
            x = x + 0.15 * x.std() * torch.randn(x.shape, generator=generator)
        out[name] = x.contiguous()
    return out


def start_from(model, path):
    """Loads the first recogniser into a new model; token embeddings start anew."""
    state = first_state(path)
    spread = state.pop("model.decoder.embed_tokens.weight").std().item()
    if model.config.d_model != 160:
        state = widen(state, model.config, torch.Generator().manual_seed(9))
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and set(missing) <= {"model.decoder.embed_tokens.weight", "proj_out.weight"}, missing
    torch.nn.init.normal_(model.model.decoder.embed_tokens.weight, std=spread)
    model.tie_weights()


@torch.no_grad()
def greedy(model, states, limit=MAX_LENGTH - 4):
    """Greedy token ids [B][<= limit] from encoder output [B, T, D], without timestamps and without the prompt."""
    first, later = WhisperDecoder(model, False), WhisperDecoder(model, True)
    batch = len(states)
    prompt = torch.tensor([[START, NO_TIMESTAMPS]]).repeat(batch, 1)
    logits, *present = first(prompt, states)
    done, out = torch.zeros(batch, dtype=torch.bool), []
    for _ in range(limit):
        token = torch.where(done, END, logits[:, -1].argmax(-1))
        out.append(token)
        done |= token == END
        if done.all():
            break
        past = present
        logits, *present = later(token[:, None], *past)
        # Encoder keys and values stay those of the first call.
        present = [x for i in range(0, len(present), 2) for x in (*present[i : i + 2], *past[2 * i + 2 : 2 * i + 4])]
    return torch.stack(out, 1).tolist()


def text_of(tokenizer, ids):
    ids = ids[: ids.index(END)] if END in ids else ids
    return tokenizer.decode([i for i in ids if i < TEXT_TOKENS]).strip()


@torch.no_grad()
def transcribe(model, tokenizer, waves, batch=32):
    texts = []
    for start in range(0, len(waves), batch):
        states = WhisperEncoder(model)(log_mel(waves[start : start + batch]))
        texts += [text_of(tokenizer, ids) for ids in greedy(model, states)]
    return texts


def words(text):
    """What counts for the word error rate: no case, no punctuation, spelled letters apart."""
    kept = "".join(c if c.isalnum() or c == "'" else " " for c in text.lower().replace("’", "'"))
    return " ".join(kept.split())


def word_errors(reference, hypothesis):
    """(errors, words of the reference) of one utterance."""
    reference, hypothesis = words(reference), words(hypothesis)
    m = jiwer.process_words([reference], [hypothesis])
    return m.substitutions + m.deletions + m.insertions, len(reference.split())
