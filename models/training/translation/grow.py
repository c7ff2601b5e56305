"""Start weights of a larger translator out of a smaller one that computes the same.

    python -m translation.grow --model starter-mt-en-de-m --pieces FILE --size m2 --out FILE

New layers stand evenly between the old ones, which keep their order. They are copies whose output matrices
are zero, so that they change nothing at first; feed-forward layers get more inner units, whose output weights
are zero. A new piece of the vocabulary begins as the mean of the old pieces that its text was cut into, with their
mean norm. Only the vocabulary changes what the model writes.
"""

import argparse
import re
from pathlib import Path

import torch
from tokenizers import Tokenizer

from export.read_back import read_back
from starters import STARTERS
from training_run import save_weights
from translation.model import SIZES, load_pieces, make_model


def origins(old, new):
    """For each new layer (old layer, whether it is that layer or an added copy), evenly spread."""
    places = {round((i + 1) * new / old) - 1: i for i in range(old)}
    out, last = [], 0
    for k in range(new):
        last = places.get(k, last)
        out.append((last, k in places))
    return out


def grown_embeddings(old_rows, tokenizer, pieces):
    known = tokenizer.get_vocab()
    rows = []
    for i in range(pieces.get_piece_size()):
        piece = pieces.id_to_piece(i)
        ids = [known[piece]] if piece in known else []
        if not ids:
            text = piece.replace("▁", " ")
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            # The old tokenizer puts a space before every text; a piece inside a word has none.
            ids = [x for x in ids if tokenizer.id_to_token(x) != "▁" or text.startswith(" ")] or [2]
        mean = old_rows[ids].mean(0)
        rows.append(mean * old_rows[ids].norm(dim=1).mean() / mean.norm().clamp_min(1e-6))
    return torch.stack(rows)


def wider(value, shape, inner_dim, zero):
    """`value` within a tensor of `shape`: more units along `inner_dim`, copies with a little noise or zeros."""
    extra = shape[inner_dim] - value.shape[inner_dim]
    if extra <= 0:
        return value
    more = value.narrow(inner_dim, 0, extra)
    more = torch.zeros_like(more) if zero else more + 0.5 * value.std() * torch.randn_like(more)
    return torch.cat([value, more], inner_dim)


def grow(small, size, tokenizer, pieces):
    """The larger model. small: model as `Starter.load` gives it; tokenizer: its own; pieces: the new ones."""
    torch.manual_seed(9)
    large, old = make_model(size), small.state_dict()
    new = {}
    layers = {
        part: origins(getattr(small.config, name), SIZES[size][name])
        for part, name in (("encoder", "num_layers"), ("decoder", "num_decoder_layers"))
    }
    for name, value in large.state_dict().items():
        m = re.match(r"(encoder|decoder)\.block\.(\d+)\.(.*)", name)
        if m:
            layer, own = layers[m[1]][int(m[2])]
            if "relative_attention_bias" in name:
                layer, own = 0, True
            source = old[f"{m[1]}.block.{layer}.{m[3]}"]
            output = re.search(r"\.(o|wo)\.weight$", name)
            source = wider(source, value.shape, 1 if ".wo." in name else 0, ".wo." in name)
            new[name] = torch.zeros_like(source) if output and not own else source
        elif name in ("shared.weight", "lm_head.weight") or name.endswith("embed_tokens.weight"):
            new[name] = grown_embeddings(old["shared.weight"], tokenizer, pieces)
        else:
            new[name] = old[name]
    large.load_state_dict(new)
    large.tie_weights()
    return large.eval()


@torch.no_grad()
def largest_difference(small, large, tokenizer, pieces):
    """Of both encoders' outputs on 200 pieces that both vocabularies have."""
    known = tokenizer.get_vocab()
    new = [i for i in range(3, pieces.get_piece_size()) if pieces.id_to_piece(i) in known][:200]
    old = [known[pieces.id_to_piece(i)] for i in new]
    outputs = [m.encoder(torch.tensor([ids])).last_hidden_state for m, ids in ((small, old), (large, new))]
    return (outputs[0] - outputs[1]).abs().max().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--size", choices=list(SIZES), required=True)
    for name in ("pieces", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    starter = STARTERS[args.model]
    tokenizer = Tokenizer.from_file(str(starter.folder / "tokenizer.json"))
    small, pieces = read_back(starter), load_pieces(args.pieces)
    large = grow(small, args.size, tokenizer, pieces)
    difference = largest_difference(small, large, tokenizer, pieces)
    assert difference < 1e-4, difference
    save_weights(large, args.out)
    print(f"{sum(p.numel() for p in large.parameters())} parameters, difference {difference:.1e}", flush=True)


if __name__ == "__main__":
    main()
