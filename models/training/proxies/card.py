"""Export a fitted proxy, check its graph, choose α on dev, confirm on test, write proxy.json."""

import hashlib
import json
from importlib.metadata import version

import numpy as np
import onnx

from measure import MODELS
from proxies.check_graph import check_float32, check_float64
from proxies.evaluate import Proxy, choose_alpha, correlations, gains, metric_of
from proxies.onnx_graph import build

RESULTS = MODELS / "training/results"
RANGES = {"wer": ("lower-is-better", [0, 1]), "chrf": ("higher-is-better", [0, 100])}
STEPS = {
    "raw": "Step: the gradient itself times alpha.",
    "relative": "Step: its Frobenius norm is alpha times that of the encoder output, over unmasked positions.",
    "token": "Step: its norm at every unmasked position is alpha times the Frobenius norm of the encoder output, over "
    "unmasked positions, divided by the square root of their count.",
}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def span(gain):
    return f"{gain[0]:+.2f} [{gain[1]:+.2f}, {gain[2]:+.2f}]"


def measure(proxy, dtype, covariance, model, grid, hard, clean, log):
    """α on dev, then on test: gain, wrong sign, random direction; and the gain on clean test sets.
    hard, clean: functions of (model, split) to evaluation sets."""
    dev, guard = hard(model, "dev"), clean(model, "dev")
    log(f"{dtype}: dev plain {metric_of(dev)} {metric_of(guard)}")
    alpha, table = choose_alpha(dev, guard, proxy, grid, log)
    del dev, guard
    test, result = hard(model, "test"), {"suggestedAlpha": alpha, "dev": table}
    result["plain"] = metric_of(test)
    result["correlation"] = correlations(test, proxy)
    result["gain"] = gains(test, proxy.along(alpha))
    result["wrong sign"] = gains(test, proxy.along(-alpha))
    result["random direction"] = gains(test, proxy.random(alpha, 5, covariance))
    del test
    other = clean(model, "test")
    result["clean"] = {
        "plain": metric_of(other), "correlation": correlations(other, proxy), "gain": gains(other, proxy.along(alpha))
    }  # fmt: skip
    for key, value in result.items():
        if key != "dev":
            log(f"{dtype} {key}: {value}")
    return result


def finish(
    folder, identifier, name, task, metric, proxy, options, covariance, grid, condition, mask, mask_meaning,
    training_data, licence, seed, make, headline, hard, clean, log, reuse=False,
):  # fmt: skip
    """See the callers, `speech_proxy.py` and `translation_proxy.py`, for the arguments.
    reuse: write proxy.onnx and proxy.json with the results measured before."""
    check_float64(proxy, metric)
    target = folder / "proxies" / identifier
    target.mkdir(parents=True, exist_ok=True)
    onnx.save(build(proxy, metric, **options, covariance=covariance), target / "proxy.onnx")
    c = np.eye(proxy.attention.weight.shape[1]) if covariance is None else covariance
    log(
        f"{identifier}: largest relative difference to float64 autograd {check_float32(target / 'proxy.onnx', proxy, metric, options, c):.1e}"
    )

    path = RESULTS / f"{identifier}.json"
    exported, encoders = Proxy(target / "proxy.onnx"), {}
    results = json.loads(path.read_text()) if reuse else {}
    for dtype, suffix in (("fp32", ""), ("int8", "_int8")):
        file = f"onnx/encoder_model{suffix}.onnx"
        if not reuse:
            results[dtype] = measure(exported, dtype, covariance, make(dtype), grid, hard, clean, log)
        r = results[dtype]
        known = r["gain"] | r["clean"]["gain"]
        gain, low, high = r["gain"][headline]
        encoders[dtype] = {
            "file": file, "sha256": sha256(folder / file), **r["correlation"][headline],
            "suggestedAlpha": r["suggestedAlpha"], "gain": gain, "interval": [low, high], "condition": condition.format(**{k.replace(" ", "_"): span(v) for k, v in known.items()}),
        }  # fmt: skip
    direction, score_range = RANGES[metric]
    card = {
        "formatVersion": 1,
        "id": identifier,
        "name": name,
        "task": task,
        "metric": metric,
        "direction": direction,
        "scoreRange": score_range,
        **options,
        "mask": mask,
        "hiddenSize": proxy.attention.weight.shape[1],
        "parameters": proxy.count(),
        "encoders": encoders,
        "trainingData": f"{training_data} Mask: {mask_meaning}. {STEPS[options['normalisation']]}",
        "seed": seed,
        "versions": {k: version(k) for k in ("torch", "transformers", "onnx", "onnxruntime")},
        "license": licence,
    }
    (target / "proxy.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
