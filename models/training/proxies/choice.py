"""Choose α and the threshold of the gate on dev.

The rule: all pairs of the two grids are put in order of their mean gain over the shifted sets, greedy, the largest first. The
first is taken with which the plain sets, pooled, lose nothing, that is at most LOSS points, neither greedy nor with
BEAMS beams. Where none passes, or none gains, it is the smallest α and the highest threshold.
"""

import itertools

import numpy as np

from proxies.evaluate import gains

BEAMS = 4
LOSS = 0.02  # a change of one text in a thousand comes to this


def pooled(gained):
    return gained["all"][0] if "all" in gained else next(iter(gained.values()))[0]


def choose(proxy_with, hard, plain, alphas, thresholds, log):
    """proxy_with: threshold -> `Proxy`. Returns (α, threshold)."""
    order = []
    for threshold, alpha in itertools.product(thresholds, alphas):
        gained = gains(hard, proxy_with(threshold).along(alpha), rounds=0)
        order.append((float(np.mean([gained[data.name][0] for data in hard])), alpha, threshold))
        log(f"  dev α {alpha}, threshold {threshold}: {gained}")
    with_beams = [data.searched(BEAMS) for data in plain]
    for mean, alpha, threshold in sorted(order, reverse=True):
        if mean <= 0:
            break
        step = proxy_with(threshold).along(alpha)
        greedy, beams = (pooled(gains(sets, step, rounds=0)) for sets in (plain, with_beams))
        log(f"  α {alpha}, threshold {threshold}: shifted {mean:+.3f}, plain {greedy:+.3f}, {BEAMS} beams {beams:+.3f}")
        if min(greedy, beams) >= -LOSS:
            return alpha, threshold
    return min(alphas), max(thresholds)
