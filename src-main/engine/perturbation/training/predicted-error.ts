/** The share of an output that is predicted to be wrong, before it is clipped to 0 to 1. */

import { VeerError } from '../../../contract/errors.ts';
import type { ProxyMetric } from '../../../contract/proxy-metric.ts';
import { div } from '../../onnx/autodiff/operations/div.ts';
import { exp } from '../../onnx/autodiff/operations/exp.ts';
import { sub } from '../../onnx/autodiff/operations/sub.ts';
import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';

/**
 * @param score real [B]
 * @throws VeerError OPTION_INVALID for scores of the user's own, whose range nobody knows
 */
export function predictedError(g: GraphBuilder, metric: ProxyMetric, score: Value): Value {
  const one = g.real(1);
  switch (metric) {
    case 'wer':
    case 'cer':
      return score;
    case 'chrf':
    case 'bleu':
    case 'round-trip-chrf':
      return sub(g, one, div(g, score, g.real(100)));
    case 'log-probability':
      return sub(g, one, exp(g, score));
    case 'score':
      throw new VeerError(
        'OPTION_INVALID',
        'A proxy of your own scores has no predicted error. Use --gate none.',
      );
  }
}
