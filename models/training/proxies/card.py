"""Export a fitted proxy, check its graph, choose α on dev, write proxy.json with the numbers of dev."""

import hashlib
import json
from importlib.metadata import version

import onnx

from exported import suffix
from proxies.check_graph import check_float32, check_float64, check_zero_gradient
from proxies.choice import BEAMS, choose
from proxies.evaluate import Proxy, correlations, gains, metric_of
from proxies.onnx_graph import build

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


def measured(proxy, alpha, covariance, hard, plain, log):
    """At this α: gain, wrong sign and random direction on the hard sets; gain on the plain ones."""
    result = {"alpha": alpha, "plain metric": metric_of(hard), "correlation": correlations(hard, proxy)}
    result["gain"] = gains(hard, proxy.along(alpha))
    result["wrong sign"] = gains(hard, proxy.along(-alpha))
    result["random direction"] = gains(hard, proxy.random(alpha, 5, covariance))
    result["on plain input"] = {
        "plain metric": metric_of(plain), "correlation": correlations(plain, proxy), "gain": gains(plain, proxy.along(alpha))
    }  # fmt: skip
    for key, value in result.items():
        log(f"  {key}: {value}")
    return result


def finish(recipe, starter, proxy, covariance, seeds, data, work, log):
    """recipe: `speech_proxy` or `translation_proxy`."""
    options, metric = recipe.OPTIONS, recipe.METRIC
    check_float64(proxy, metric)
    check_zero_gradient()
    target = starter.folder / "proxies" / recipe.IDENTIFIER
    target.mkdir(parents=True, exist_ok=True)

    def written(threshold):
        graph = build(proxy, metric, **options | {"gateThreshold": threshold}, covariance=covariance)
        onnx.save(graph, target / "proxy.onnx")
        return Proxy(target / "proxy.onnx")

    preconditioner = covariance if options["preconditioning"] == "covariance" else None

    model = recipe.load(starter.folder, "fp32")
    hard, plain = recipe.hard_sets(model, data, work, "dev"), recipe.plain_sets(model, data, work, "dev")
    log(f"dev, nothing changed: {metric_of(hard)} {metric_of(plain)}")
    alphas, thresholds = recipe.GRIDS[starter.size]
    alpha, threshold = choose(written, hard, recipe.in_domain(plain), alphas, thresholds, log)
    options, exported = options | {"gateThreshold": threshold}, written(threshold)
    worst = check_float32(target / "proxy.onnx", proxy, metric, options, covariance)
    log(f"{recipe.IDENTIFIER}: largest relative difference to float64 autograd {worst:.1e}")
    log(f"{BEAMS} beams, dev: {gains([data.searched(BEAMS) for data in hard], exported.along(alpha))}")
    encoders = {}
    for dtype in ("fp32", "int8"):
        log(f"{dtype}, dev, α {alpha}")
        if dtype != "fp32":
            model = recipe.load(starter.folder, dtype)
            hard, plain = recipe.hard_sets(model, data, work, "dev"), recipe.plain_sets(model, data, work, "dev")
        r = measured(exported, alpha, preconditioner, hard, plain, log)
        gain, low, high = r["gain"][recipe.HEADLINE]
        spans = {name: span(g) for name, g in r["on plain input"]["gain"].items()}
        condition = f"Development data, on which α was chosen. {recipe.CONDITION}"
        for name, text in spans.items():
            condition = condition.replace(f"{{{name}}}", text)
        file = f"onnx/encoder_model{suffix(dtype)}.onnx"
        encoders[dtype] = {
            "file": file, "sha256": sha256(starter.folder / file), **r["correlation"][recipe.HEADLINE],
            "suggestedAlpha": alpha, "gain": gain, "interval": [low, high], "condition": condition,
        }  # fmt: skip
    direction, score_range = RANGES[metric]
    card = {
        "formatVersion": 1,
        "id": recipe.IDENTIFIER,
        "name": recipe.NAME,
        "task": recipe.TASK,
        "metric": metric,
        "direction": direction,
        "scoreRange": score_range,
        **options,
        "mask": "valid",
        "hiddenSize": proxy.width,
        "parameters": proxy.count(),
        "encoders": encoders,
        "trainingData": f"{recipe.TRAINING_DATA} Mask: {recipe.MASK_MEANING}. {STEPS[options['normalisation']]}",
        "seed": seeds[0],
        "versions": {k: version(k) for k in ("torch", "transformers", "onnx", "onnxruntime")},
        "license": recipe.LICENCE,
    }
    if len(seeds) > 1:
        card["trainingData"] += f" The mean of {len(seeds)} fits with different seeds."
    (target / "proxy.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    log("done")
