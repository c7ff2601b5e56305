"""Write `encoder_model` and `decoder_model_merged`, in float32 and in dynamic int8.

The merged decoder follows the Hub's files: one `If` on `use_cache_branch` (bool [1]), weights
shared by both branches, encoder keys and values of size zero from the cached branch. In float32
the output layer is the transposed embedding table, which is stored once. Opset 17, IR version 8.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from export import wrappers

OPSET = 17
IR_VERSION = 8
LARGE = 100_000  # elements


def cache_names(prefix, layers, parts=("decoder", "encoder")):
    return [f"{prefix}.{i}.{part}.{kind}" for i in range(layers) for part in parts for kind in ("key", "value")]


def trace(module, arguments, path, inputs, outputs, axes):
    torch.onnx.export(
        module.eval(), arguments, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes,
        opset_version=OPSET, do_constant_folding=True, dynamo=False,
    )  # fmt: skip
    return path


def attention_names(layers):
    return [f"cross_attentions.{i}" for i in range(layers)]


def export_parts(model, folder, attentions=False):
    """Trace encoder, first decoder call and cached decoder call to three files in `folder`.
    attentions: the decoder also gives its cross-attention (Whisper only)."""
    config = model.config
    t5 = config.model_type == "t5"
    width = config.d_model
    layers = config.num_decoder_layers if t5 else config.decoder_layers
    n = config.num_heads if t5 else config.decoder_attention_heads
    head = config.d_kv if t5 else width // n
    folder.mkdir(parents=True, exist_ok=True)
    batch, length = {0: "batch_size"}, {0: "batch_size", 1: "encoder_sequence_length"}

    states, ids = torch.randn(2, 7, width), torch.ones(2, 3, dtype=torch.long)
    if t5:
        mask = torch.ones(2, 7, dtype=torch.long)
        tokens = torch.ones(2, 7, dtype=torch.long)
        encoder = trace(
            wrappers.T5Encoder(model), (tokens, mask), folder / "encoder.onnx", ["input_ids", "attention_mask"],
            ["last_hidden_state"], {k: length for k in ("input_ids", "attention_mask", "last_hidden_state")},
        )  # fmt: skip
        decoder, lead, names = wrappers.T5Decoder, (mask, ids), ["encoder_attention_mask", "input_ids"]
    else:
        features = torch.randn(2, config.num_mel_bins, 14)
        encoder = trace(
            wrappers.WhisperEncoder(model), (features,), folder / "encoder.onnx", ["input_features"],
            ["last_hidden_state"],
            {"input_features": batch | {2: "feature_length"}, "last_hidden_state": length},
        )  # fmt: skip
        decoder = lambda model, cached: wrappers.WhisperDecoder(model, cached, attentions)
        lead, names = (ids,), ["input_ids"]

    axes = {"encoder_attention_mask": length, "encoder_hidden_states": length}
    for key in ("input_ids", "logits"):
        axes[key] = batch | {1: "decoder_sequence_length"}
    for prefix, part, name in (
        ("past_key_values", "decoder", "past_decoder_sequence_length"),
        ("past_key_values", "encoder", "encoder_sequence_length"),
        ("present", "decoder", "decoder_cache_length"),
        ("present", "encoder", "encoder_sequence_length"),
    ):
        for key in cache_names(prefix, layers, (part,)):
            axes[key] = batch | {2: name}
    more = attention_names(layers) if attentions else []
    for key in more:
        axes[key] = batch | {2: "decoder_sequence_length", 3: "encoder_sequence_length"}
    pick = lambda *keys: {k: axes[k] for k in keys if k in axes}

    outputs = ["logits", *cache_names("present", layers), *more]
    inputs = [*names, "encoder_hidden_states"]
    first = trace(
        decoder(model, False), (*lead, states), folder / "decoder_first.onnx", inputs, outputs, pick(*inputs, *outputs)
    )
    past = tuple(torch.randn(2, n, 5 if i % 4 < 2 else 7, head) for i in range(4 * layers))
    outputs = ["logits", *cache_names("present", layers, ("decoder",)), *more]
    inputs = [*names, *cache_names("past_key_values", layers)]
    cached = trace(
        decoder(model, True), (*lead, *past), folder / "decoder_cached.onnx", inputs, outputs, pick(*inputs, *outputs)
    )
    return encoder, first, cached


def lift(graph, prefix, shared):
    """Rename inner values, move constants into `shared` {digest: tensor}; return the branch's nodes."""
    names = {}
    kept = {i.name for i in graph.input} | {o.name for o in graph.output}
    for tensor in graph.initializer:
        content = numpy_helper.to_array(tensor)
        digest = content_hash(content)
        if digest not in shared:
            copy = TensorProto()
            copy.CopyFrom(tensor)
            copy.name = f"shared.{tensor.name}.{digest[:6]}"
            shared[digest] = copy
        names[tensor.name] = shared[digest].name
    nodes = []
    for node in graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = f"{prefix}/{node.name}"
        for field in (copy.input, copy.output):
            for i, name in enumerate(field):
                if name and name not in kept:
                    field[i] = names.get(name, f"{prefix}/{name}")
                elif name in kept and field is copy.output:
                    field[i] = f"{prefix}/{name}"
        # An output of the branch can also be read inside it.
        for i, name in enumerate(copy.input):
            if name in {o.name for o in graph.output}:
                copy.input[i] = f"{prefix}/{name}"
        nodes.append(copy)
    return nodes


def content_hash(content):
    return hashlib.sha256(f"{content.dtype}{content.shape}".encode() + content.tobytes()).hexdigest()[:16]


def tie_transposed(shared):
    """Drops each large matrix that is another one transposed; returns the nodes that make it again.
    They stand outside the `If`, and ONNX Runtime folds them when it loads the file."""
    nodes = []
    for digest, tensor in list(shared.items()):
        if len(tensor.dims) == 2 and np.prod(tensor.dims) > LARGE and digest in shared:
            other = content_hash(np.ascontiguousarray(numpy_helper.to_array(tensor).T))
            if other in shared and other != digest:
                table, out = (digest, other) if tensor.dims[0] > tensor.dims[1] else (other, digest)
                name = shared.pop(out).name
                nodes.append(helper.make_node("Transpose", [shared[table].name], [name], f"tied/{name}", perm=[1, 0]))
    return nodes


def merge(first_path, cached_path, path):
    """Join the two decoder calls to one graph with an `If`."""
    first, cached = onnx.load(first_path), onnx.load(cached_path)
    layers = sum(o.name.endswith("decoder.key") for o in first.graph.output)
    infos = {o.name: o for o in first.graph.output}
    outputs = list(infos)
    shared, branches = {}, {}
    for prefix, model in (("first", first), ("cached", cached)):
        nodes = lift(model.graph, prefix, shared)
        present = {o.name for o in model.graph.output}
        branch_outputs = []
        for name in outputs:
            inner = f"{prefix}/{name}"
            if name not in present:
                shape = [d.dim_value for d in infos[name].type.tensor_type.shape.dim]
                empty = np.zeros((0, shape[1], 1, shape[3]), np.float32)
                nodes.append(helper.make_node("Constant", [], [inner], value=numpy_helper.from_array(empty)))
            branch_outputs.append(helper.make_tensor_value_info(inner, TensorProto.FLOAT, None))
        branches[prefix] = helper.make_graph(nodes, prefix, [], branch_outputs)
    inputs = {i.name: i for m in (first, cached) for i in m.graph.input}
    order = [n for n in ("encoder_attention_mask", "input_ids", "encoder_hidden_states") if n in inputs]
    order += cache_names("past_key_values", layers)
    flag = helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1])
    switch = helper.make_node(
        "If", ["use_cache_branch"], outputs, "use_cache", then_branch=branches["cached"], else_branch=branches["first"]
    )
    for name, part in ((n, n.split(".")[2]) for n in outputs if n.startswith("present")):
        dims = infos[name].type.tensor_type.shape.dim
        dims[0].dim_param = "batch_size" if part == "decoder" else "encoder_cache_batch_size"
        if part == "encoder":
            dims[2].dim_param = "encoder_cache_length"
    graph = helper.make_graph(
        [*tie_transposed(shared), switch], "decoder_model_merged", [*(inputs[n] for n in order), flag], [infos[n] for n in outputs],
        initializer=list(shared.values()),
    )  # fmt: skip
    save(helper.make_model(graph, opset_imports=merged_opsets(first, cached)), path)


def merged_opsets(*models):
    versions = {}
    for model in models:
        for opset in model.opset_import:
            versions[opset.domain] = max(versions.get(opset.domain, 0), opset.version)
    return [helper.make_opsetid(domain, version) for domain, version in versions.items()]


def save(model, path):
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "veer-training", ""
    del model.metadata_props[:]
    onnx.checker.check_model(model, full_check=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)


def quantise(source, target, per_channel, reduce_range, embeddings=False):
    """Dynamic int8 of constant MatMul weights and, on request, of embedding tables row by row."""
    quantize_dynamic(
        str(source), str(target), op_types_to_quantize=["MatMul"], per_channel=per_channel,
        reduce_range=reduce_range, weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip
    if embeddings:
        model = onnx.load(target)
        quantise_embeddings(model.graph)
        onnx.save(model, target)
    return target


def quantised_rows(table, others):
    """(int8 rows, scale per row) of a table. Those of the tied output layer, where it is among `others`
    ({name: tensor} of the quantised graph), so that both are one in the merged file."""
    for name, tensor in others.items():
        if name.endswith("_quantized") and tuple(tensor.dims) == table.shape[::-1]:
            scale = numpy_helper.to_array(others[name.removesuffix("_quantized") + "_scale"]).reshape(-1, 1)
            rows = np.ascontiguousarray(numpy_helper.to_array(tensor).T)
            if np.abs(rows * scale - table).max() <= scale.max():
                return rows, np.broadcast_to(scale, (len(table), 1)).astype(np.float32)
    scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def quantise_embeddings(graph):
    """Replace each large float table T by int8 rows and one scale per row: T[i] = rows[i]·scale[i]."""
    others = {t.name: t for t in graph.initializer}
    tables = {t.name: t for t in graph.initializer if t.data_type == TensorProto.FLOAT and np.prod(t.dims) > LARGE}
    nodes = []
    for node in graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
            continue
        name, index, out = node.input[0], node.input[1], node.output[0]
        if f"{name}_rows" not in {t.name for t in graph.initializer}:
            rows, scale = quantised_rows(numpy_helper.to_array(tables[name]), others)
            graph.initializer.append(numpy_helper.from_array(rows, f"{name}_rows"))
            graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        nodes += [
            helper.make_node("Gather", [f"{name}_rows", index], [f"{out}_rows"], f"{node.name}_rows"),
            helper.make_node("Gather", [f"{name}_scale", index], [f"{out}_scale"], f"{node.name}_scale"),
            helper.make_node("Cast", [f"{out}_rows"], [f"{out}_cast"], f"{node.name}_cast", to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{out}_cast", f"{out}_scale"], [out], f"{node.name}_scaled"),
        ]
    used = {i for node in nodes for i in node.input}
    initializers = [t for t in graph.initializer if t.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(initializers)


def export_model(model, folder, scratch, int8, attentions=False):
    """Write all four files of `model` to `folder/onnx`. `int8`: arguments of `quantise`."""
    parts = export_parts(model, scratch, attentions)
    for suffix in ("", "_int8"):
        if suffix:
            parts = [quantise(p, p.with_name(p.stem + suffix + ".onnx"), **int8) for p in parts]
        encoder, first, cached = parts
        save(onnx.load(encoder), Path(folder) / f"onnx/encoder_model{suffix}.onnx")
        merge(first, cached, Path(folder) / f"onnx/decoder_model_merged{suffix}.onnx")
