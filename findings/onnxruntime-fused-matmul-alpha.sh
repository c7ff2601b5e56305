#!/bin/sh
# onnxruntime 1.32.0, CPU, x86-64: com.microsoft.FusedMatMul of one row (a query with the keys of an attention).
#
# Expected: `alpha` is free: one multiplication of the 1500 results.
# Seen: with alpha other than 1 the product takes two to three times as long, since the kernel for one row
# is taken for alpha 1 only. A Mul in front of a MatMul is no way out where it stands beside it: the optimiser moves
# the factor into alpha (MatMulScaleFusion). Scaling the query before it is split into heads is one.
# Fails when that changes. Usage: onnxruntime-fused-matmul-alpha.sh   (PYTHON: an interpreter that has the packages)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-}
if [ -z "$python" ]; then
  python3 -m venv "$work/venv"
  python=$work/venv/bin/python
  "$python" -m pip install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
fi
"$python" - <<'PYTHON'
import time

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
options = ort.SessionOptions()
options.intra_op_num_threads = 1


def session(alpha):
    node = helper.make_node("FusedMatMul", ["q", "k"], ["y"], domain="com.microsoft", transB=1, alpha=alpha)
    ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "qky"]
    model = helper.make_model(helper.make_graph([node], "g", ports[:2], ports[2:]), opset_imports=sets, ir_version=8)
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


random = np.random.default_rng(1)
feeds = {
    "q": random.standard_normal((8, 6, 1, 64), dtype=np.float32),
    "k": random.standard_normal((8, 6, 1500, 64), dtype=np.float32),
}
times = {1.0: [], 0.125: []}
sessions = {alpha: session(alpha) for alpha in times}
for _ in range(60):
    for alpha, runs in times.items():
        start = time.perf_counter()
        sessions[alpha].run(None, feeds)
        runs.append(time.perf_counter() - start)
best = {alpha: min(runs) * 1000 for alpha, runs in times.items()}
print(f"onnxruntime {ort.__version__}: alpha 1 {best[1.0]:.2f} ms, alpha 1/8 {best[0.125]:.2f} ms")
assert best[0.125] > 1.5 * best[1.0], "this has changed"
PYTHON
