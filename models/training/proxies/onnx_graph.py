"""Write a proxy, or an ensemble of them, as one ONNX graph: score, its gradient in closed form, and the step.

Inputs   encoder_hidden_states [B, T, D] float32, attention_mask [B, T] int64, alpha [A] float32
Outputs  perturbed_hidden_states [B·A, T, D] (row b·A + a), score [B], gradient_norm [B]

    E' = E + σ · α · gate · n(g·C)

g              gradient of `score` with respect to E, zero at masked positions
C              covariance of encoder outputs [D, D] ("covariance") or the identity ("none")
n "raw"        n(g) = g
n "relative"   ‖n(g)‖_F = ‖E‖_F
n "token"      every position has norm ‖E‖_F / √(count of unmasked positions): the root of the mean
               squared norm of a position
gate           1 ("none"), or clip((error − τ) / (1 − τ), 0, 1) of the predicted error ("predicted-error"): score
               for WER, 1 − score / 100 for chrF. τ is `gateThreshold`: where less error is predicted nothing is changed
σ              −1 where lower is better, +1 where higher is better

All norms run over unmasked positions and are at least 1e-12. Where α is 0, the mask is 0 or the step
is 0, the output has the very bytes of the input. Masked positions do not influence anything. The
gradient is computed once per row of B, whatever A is.

Opset 17, IR version 8, ordinary operators only.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from proxies.attention_proxy import Ensemble

OPSET, IR_VERSION = 17, 8
SMALLEST = 1e-12


class Graph:
    """Nodes in a row; every method returns the name of its result."""

    def __init__(self, dtype):
        self.dtype, self.nodes, self.constants = np.dtype(dtype), [], {}

    def const(self, value, dtype=None):
        array = np.ascontiguousarray(np.asarray(value, dtype or self.dtype))
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(array, f"constant_{len(self.constants)}")
        return self.constants[key].name

    def op(self, kind, *inputs, name=None, **attributes):
        name = name or f"{kind.lower()}_{len(self.nodes)}"
        inputs = [i if isinstance(i, str) else self.const(i) for i in inputs]
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"node_{name}", **attributes))
        return name

    def linear(self, x, weight, bias):
        # Transposed in the graph, so that the backward pass can share the constant.
        return self.op("Add", self.op("MatMul", x, self.op("Transpose", weight, perm=[1, 0])), bias)

    def gelu(self, x):
        """(gelu(x), gelu'(x)), the exact form with erf."""
        phi = self.op("Mul", self.op("Add", self.op("Erf", self.op("Mul", x, 2**-0.5)), 1.0), 0.5)
        density = self.op("Mul", self.op("Exp", self.op("Mul", self.op("Mul", x, x), -0.5)), (2 * np.pi) ** -0.5)
        return self.op("Mul", x, phi), self.op("Add", phi, self.op("Mul", x, density))

    def mean(self, x, axes=(-1,)):
        return self.op("ReduceMean", x, axes=list(axes), keepdims=1)

    def sum(self, x, axes, keep=True):
        return self.op("ReduceSum", x, self.const(axes, np.int64), keepdims=int(keep))


def score_and_gradient(g, proxy, states, on):
    """Names of score [B], gradient [B, T, D] and the states without what is masked; an `Ensemble` has the means."""
    clean = g.op("Where", on, states, 0.0)
    members = proxy.members if isinstance(proxy, Ensemble) else [proxy]
    scores, gradients = zip(*[member_score_and_gradient(g, member, clean, on) for member in members])
    mean = lambda names: g.op("Div", g.op("Sum", *names), float(len(names)))
    score = g.op("Identity", mean(scores), name="score")
    return score, g.op("Where", on, mean(gradients), 0.0), clean


def member_score_and_gradient(g, proxy, clean, on):
    """Forward pass and hand-derived backward pass of one proxy."""
    p = {k: v.detach().cpu().double().numpy() for k, v in proxy.state_dict().items()}
    queries, inner = p["attention.weight"].shape

    # forward
    if proxy.input_layer == "gelu":
        x, input_slope = g.gelu(g.linear(clean, p["input.weight"], p["input.bias"]))
    else:
        x = g.op("Div", g.op("Sub", clean, p["mean"]), p["deviation"])
    logits = g.op("Where", on, g.linear(x, p["attention.weight"], p["attention.bias"]), -1e9)
    weights = g.op("Softmax", g.op("Transpose", logits, perm=[0, 2, 1]), axis=-1)  # [B, Q, T]
    values = g.linear(x, p["value.weight"], p["value.bias"]) if "value.weight" in p else x
    value_width = p["value.weight"].shape[0] if "value.weight" in p else inner
    pooled = g.op("Reshape", g.op("MatMul", weights, values), g.const([-1, queries * value_width], np.int64))
    centred = g.op("Sub", pooled, g.mean(pooled))
    variance = g.mean(g.op("Mul", centred, centred))
    deviation = g.op("Sqrt", g.op("Add", variance, proxy.norm.eps))
    normal = g.op("Div", centred, deviation)
    h = g.op("Add", g.op("Mul", normal, p["norm.weight"]), p["norm.bias"])
    slopes, count = [], len(proxy.layers)
    for i in range(count - 1):
        h, slope = g.gelu(g.linear(h, p[f"layers.{i}.weight"], p[f"layers.{i}.bias"]))
        slopes.append(slope)
    out = g.linear(h, p[f"layers.{count - 1}.weight"], p[f"layers.{count - 1}.bias"])
    out = g.op("Add", g.op("Mul", out, p["scale"]), p["offset"])
    score = g.op("Squeeze", out, g.const([1], np.int64))

    # backward: d_y is the gradient of score with respect to y
    d = p[f"layers.{count - 1}.weight"] * p["scale"]  # [1, hidden], the same for every row
    for i in range(count - 2, -1, -1):
        d = g.op("MatMul", g.op("Mul", d, slopes[i]), p[f"layers.{i}.weight"])
    d = g.op("Mul", d, p["norm.weight"])
    along = g.op("Mul", normal, g.mean(g.op("Mul", d, normal)))
    d_pooled = g.op("Div", g.op("Sub", g.op("Sub", d, g.mean(d)), along), deviation)
    d_pooled = g.op("Reshape", d_pooled, g.const([-1, queries, value_width], np.int64))
    d_values = g.op("MatMul", g.op("Transpose", weights, perm=[0, 2, 1]), d_pooled)  # [B, T, H]
    d_weights = g.op("MatMul", d_pooled, g.op("Transpose", values, perm=[0, 2, 1]))  # [B, Q, T]
    average = g.sum(g.op("Mul", weights, d_weights), [-1])
    d_logits = g.op("Mul", weights, g.op("Sub", d_weights, average))
    d_x = g.op("MatMul", g.op("Transpose", d_logits, perm=[0, 2, 1]), p["attention.weight"])
    d_x = g.op("Add", d_x, g.op("MatMul", d_values, p["value.weight"]) if "value.weight" in p else d_values)
    if proxy.input_layer == "gelu":
        gradient = g.op("MatMul", g.op("Mul", d_x, input_slope), p["input.weight"])
    else:
        gradient = g.op("Div", d_x, p["deviation"])
    return score, gradient


def norm(g, x, axes):
    return g.op("Sqrt", g.sum(g.op("Mul", x, x), axes))


def build(
    proxy, metric, normalisation, preconditioning="none", gate="none", gateThreshold=0, covariance=None, dtype=np.float32
):
    """The ONNX model of a proxy. metric: "wer" | "chrf"; the options are those of the module's text."""
    for name, value, known in (
        ("metric", metric, ("wer", "chrf")),
        ("normalisation", normalisation, ("raw", "relative", "token")),
        ("preconditioning", preconditioning, ("none", "covariance")),
        ("gate", gate, ("none", "predicted-error")),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of {known}, not {value!r}")
    g = Graph(dtype)
    states, mask, alpha = "encoder_hidden_states", "attention_mask", "alpha"
    width = proxy.width
    present = g.op("Cast", mask, to=TensorProto.BOOL)
    on = g.op("Unsqueeze", present, g.const([2], np.int64))
    score, gradient, clean = score_and_gradient(g, proxy, states, on)
    gradient_norm = norm(g, gradient, [1, 2])
    g.op("Squeeze", gradient_norm, g.const([1, 2], np.int64), name="gradient_norm")

    direction = g.op("MatMul", gradient, np.asarray(covariance)) if preconditioning == "covariance" else gradient
    if normalisation == "relative":
        unit = g.op("Div", direction, g.op("Max", norm(g, direction, [1, 2]), SMALLEST))
        direction = g.op("Mul", unit, g.op("Max", norm(g, clean, [1, 2]), SMALLEST))
    elif normalisation == "token":
        unit = g.op("Div", direction, g.op("Max", norm(g, direction, [2]), SMALLEST))
        positions = g.sum(g.op("Cast", on, to=helper.np_dtype_to_tensor_dtype(g.dtype)), [1, 2])
        size = g.op("Div", norm(g, clean, [1, 2]), g.op("Sqrt", g.op("Max", positions, 1.0)))
        direction = g.op("Mul", unit, g.op("Max", size, SMALLEST))
    step = g.op("Mul", direction, -1.0 if metric == "wer" else 1.0)
    if gate == "predicted-error":
        error = score if metric == "wer" else g.op("Sub", 1.0, g.op("Div", score, 100.0))
        if gateThreshold:
            error = g.op("Div", g.op("Sub", error, gateThreshold), 1 - gateThreshold)
        error = g.op("Clip", error, 0.0, 1.0)
        step = g.op("Mul", step, g.op("Reshape", error, g.const([-1, 1, 1], np.int64)))

    one = g.const([1], np.int64)
    sizes = g.op("Reshape", alpha, g.const([1, -1, 1, 1], np.int64))
    delta = g.op("Mul", g.op("Unsqueeze", g.op("Neg", step), one), sizes)  # [B, A, T, D]
    still = g.op("Or", g.op("Equal", sizes, 0.0), g.op("Equal", delta, 0.0))
    # x − (+0) is x for every float. A `Where` around the whole sum is not: ONNX Runtime's CPU kernel
    # turns −0 to +0.
    delta = g.op("Where", still, 0.0, delta)
    moved = g.op("Sub", g.op("Unsqueeze", states, one), delta)
    length = g.op("Slice", g.op("Shape", states), g.const([1], np.int64), g.const([2], np.int64))
    shape = g.op("Concat", g.const([-1], np.int64), length, g.const([width], np.int64), axis=0)
    g.op("Reshape", moved, shape, name="perturbed_hidden_states")

    real = helper.np_dtype_to_tensor_dtype(g.dtype)
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes,
        "proxy",
        [
            info(states, real, ["batch_size", "encoder_sequence_length", width]),
            info(mask, TensorProto.INT64, ["batch_size", "encoder_sequence_length"]),
            info(alpha, real, ["alphas"]),
        ],
        [
            info("perturbed_hidden_states", real, ["rows", "encoder_sequence_length", width]),
            info("score", real, ["batch_size"]),
            info("gradient_norm", real, ["batch_size"]),
        ],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version, model.producer_name = IR_VERSION, "veer-training"
    onnx.checker.check_model(model, full_check=True)
    return model
