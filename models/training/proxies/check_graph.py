"""Check proxy graphs against torch.autograd and against the promises of `onnx_graph.py`."""

import numpy as np
import onnxruntime
import torch
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from scipy import special

from proxies.attention_proxy import AttentionProxy, score_and_gradient
from proxies.onnx_graph import build
from proxies.step import direction

OPTIONS = [
    {"normalisation": n, "preconditioning": p, "gate": k, "gateThreshold": t}
    for n in ("raw", "relative", "token")
    for p in ("none", "covariance")
    for k, t in (("none", 0), ("predicted-error", 0), ("predicted-error", 0.4))
]


class Erf(OpRun):
    """onnx's own reference computes erf in float32."""

    op_domain = ""

    def _run(self, x):
        return (special.erf(x),)


def expected(proxy, states, mask, alpha, metric, options, covariance):
    """The same in torch: (perturbed [B·A, T, D], score, gradient_norm)."""
    score, g = score_and_gradient(proxy, states, mask)
    d = direction(score, g, states, mask, metric, options, covariance)
    out = states[:, None] + alpha[None, :, None, None] * d[:, None]
    return out.flatten(0, 1), score.detach(), g.flatten(1).norm(dim=1)


def sample(width, dtype, scale=1.0):
    torch.manual_seed(3)
    states = torch.randn(3, 11, width, dtype=dtype) * scale
    mask = torch.ones(3, 11, dtype=torch.long)
    mask[1, 6:] = 0
    return states, mask, torch.tensor([0.0, 0.15, -0.4], dtype=dtype)


def check_float64(proxy, metric):
    """Every option in float64 with the reference evaluator, to 1e-9."""
    proxy = proxy.double().eval()
    width = proxy.width
    states, mask, alpha = sample(width, torch.float64)
    root = torch.randn(width, width, dtype=torch.float64)
    covariance = root @ root.T / width
    worst = 0.0
    for options in OPTIONS:
        model = build(proxy, metric, **options, covariance=covariance.numpy(), dtype=np.float64)
        feed = {"encoder_hidden_states": states.numpy(), "attention_mask": mask.numpy(), "alpha": alpha.numpy()}
        ours = ReferenceEvaluator(model, new_ops=[Erf]).run(None, feed)
        for a, b in zip(ours, expected(proxy, states, mask, alpha, metric, options, covariance), strict=True):
            worst = max(worst, float(np.abs(a - b.numpy()).max()))
    proxy.float()
    print(
        f"{metric}: largest difference to autograd in float64 over {len(OPTIONS)} option sets: {worst:.1e}", flush=True
    )
    assert worst < 1e-9


def same_bytes(a, b):
    return np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()


def check_float32(path, proxy, metric, options, covariance, scale=1.0):
    """The written file with ONNX Runtime: values, bytes at α = 0, masks, empty rows, zero gradient."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    width = proxy.width
    states, mask, alpha = sample(width, torch.float32, scale)

    def run(s, m, a):
        feed = {"encoder_hidden_states": s, "attention_mask": m, "alpha": np.asarray(a, np.float32)}
        return session.run(None, feed)

    s, m = states.numpy(), mask.numpy()
    out, score, size = run(s, m, alpha.numpy())
    want = expected(
        proxy.double(), states.double(), mask, alpha.double(), metric, options, torch.as_tensor(covariance).double()
    )
    proxy.float()
    scale_of = lambda x: max(1.0, float(x.abs().max()))
    worst = max(float(np.abs(a - b.numpy()).max()) / scale_of(b) for a, b in zip((out, score, size), want))
    assert worst < 1e-4, worst
    rows = out.reshape(3, 3, 11, width)
    assert same_bytes(rows[:, 0], s), "alpha 0 changed the input"
    assert same_bytes(rows[1, :, 6:], np.repeat(s[1:2, 6:], 3, 0)), "padding was changed"
    assert not same_bytes(rows[0, 1], s[0])
    spoiled = s.copy()
    spoiled[1, 6:] = np.nan
    again, score2, size2 = run(spoiled, m, alpha.numpy())
    assert same_bytes(score, score2) and same_bytes(size, size2), "padding reached the score"
    assert same_bytes(again.reshape(rows.shape)[1, :, :6], rows[1, :, :6])
    empty, score3, size3 = run(s, m * 0, alpha.numpy())
    assert same_bytes(empty, np.repeat(s, 3, 0)) and np.isfinite(score3).all() and (size3 == 0).all()
    one = run(s[1:2, :6].copy(), m[1:2, :6], [0.15])[0]
    assert np.abs(one[0] - rows[1, 1, :6]).max() < 1e-4 * scale_of(states), "padding changed the step"
    return worst


def check_zero_gradient():
    """A proxy whose last layer is zero: no NaN, no change, in every option set."""
    torch.manual_seed(0)
    proxy = AttentionProxy(8, 2, None, (6, 5), "gelu").eval()
    torch.nn.init.zeros_(proxy.layers[-1].weight)
    states, mask, alpha = sample(8, torch.float32)
    states[0, 0] = -0.0
    for options in OPTIONS:
        model = build(proxy, "wer", **options, covariance=np.eye(8))
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        out, _, size = session.run(
            None, {"encoder_hidden_states": states.numpy(), "attention_mask": mask.numpy(), "alpha": alpha.numpy()}
        )
        assert same_bytes(out, np.repeat(states.numpy(), 3, 0)) and (size == 0).all()
    print("zero gradient: no change in any option set", flush=True)
