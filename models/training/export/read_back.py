"""Weights of a bundled model, read back from its float32 ONNX files, so that its training can go on
where no checkpoint was kept.

    python -m export.read_back --model starter-mt-en-de-m --out FILE

A traced file keeps the names of biases, norms and tables, but not those of matrices: these are told
apart by the order in which the forward passes of `wrappers` use them. `check.compare` then compares
the rebuilt model with the files it came from.
"""

import argparse
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from export_models import check_files
from starters import STARTERS
from training_run import save_weights

# The matrices of one layer in the order of use; "{}" is the layer's number.
ORDER = {
    "speech": {
        "encoder": [f"self_attn.{p}_proj" for p in ("q", "k", "v", "out")] + ["fc1", "fc2"],
        "decoder": [f"{a}.{p}_proj" for a in ("self_attn", "encoder_attn") for p in ("k", "v", "q", "out")]
        + ["fc1", "fc2"],
    },
    "translation": {
        "encoder": [f"layer.0.SelfAttention.{p}" for p in "qkvo"]
        + [f"layer.1.DenseReluDense.{p}" for p in ("wi_0", "wi_1", "wo")],
        "decoder": [f"layer.{i}.{a}.{p}" for i, a in enumerate(("SelfAttention", "EncDecAttention")) for p in "kvqo"]
        + [f"layer.2.DenseReluDense.{p}" for p in ("wi_0", "wi_1", "wo")],
    },
}
STACK = {"speech": "model.{}.layers.{}.{}.weight", "translation": "{}.block.{}.{}.weight"}


def plain_name(name):
    """Of an initialiser: `shared.decoder.layer_norm.bias.92acb8` -> `decoder.layer_norm.bias`."""
    return ".".join(name.split(".")[1:-1]) if name.startswith("shared.") else name


def tensors_of(model, kind, part):
    """{parameter name: array} of one file."""
    graph = model.graph
    nodes = graph.node
    for node in graph.node:
        if node.op_type == "If":
            nodes = next(a.g.node for a in node.attribute if a.name == "else_branch")
    values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    prefix = "model." if kind == "speech" else ""
    out = {prefix + plain_name(n): x for n, x in values.items() if "MatMul" not in n}
    used = [n.input[1] for n in nodes if n.op_type == "MatMul" and "MatMul" in n.input[1] and n.input[1] in values]
    order = ORDER[kind][part]
    assert len(used) % len(order) == 0, (len(used), order)
    for i, name in enumerate(used):
        out[STACK[kind].format(part, i // len(order), order[i % len(order)])] = values[name].T
    return out


def read_back(starter):
    """The model as `Starter.load` gives it."""
    model = starter.new()
    tensors = {}
    for part, file in (("encoder", "encoder_model"), ("decoder", "decoder_model_merged")):
        tensors |= tensors_of(onnx.load(starter.folder / f"onnx/{file}.onnx"), starter.kind, part)
    state = {name: torch.tensor(x.copy()) for name, x in tensors.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    tied = {"proj_out.weight", "lm_head.weight", "shared.weight"}
    assert not unexpected and set(missing) <= tied, (missing, unexpected)
    if starter.kind == "translation":
        model.shared.weight.data.copy_(state["decoder.embed_tokens.weight"])
    model.tie_weights()
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(STARTERS), required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    starter = STARTERS[args.model]
    model = read_back(starter)
    check_files(starter, model)
    save_weights(model, args.out)


if __name__ == "__main__":
    main()
