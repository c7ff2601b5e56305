/** Normalisation over the last axis, with the residual sum before it where there is one. */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import { MICROSOFT } from '../graph-builder/onnx-model.ts';
import type { Value } from '../graph-builder/value.ts';
import { first } from './operators.ts';

/** Weights of one, each [D]. */
export interface Norm {
  readonly weight: Value;
  /** Null: root mean square only, without a mean (Zhang and Sennrich 2019, arXiv 1910.07467). */
  readonly bias: Value | null;
  readonly epsilon: number;
}

/** @param x [… D] */
export function normalised(g: GraphBuilder, x: Value, { weight, bias, epsilon }: Norm): Value {
  return first(
    g.operator({
      kind: bias === null ? 'SimplifiedLayerNormalization' : 'LayerNormalization',
      inputs: bias === null ? [x, weight] : [x, weight, bias],
      outputs: [{ shape: x.shape }],
      attributes: { axis: -1, epsilon: { float: epsilon } },
    }),
  );
}

/**
 * x + residual + bias in one pass with its normalisation.
 *
 * @param x [rows, D]
 * @param residual [rows, D]
 * @param added [D], or null
 */
export function sumNormalised(
  g: GraphBuilder,
  {
    x,
    residual,
    added,
  }: { readonly x: Value; readonly residual: Value; readonly added: Value | null },
  { weight, bias, epsilon }: Norm,
): { readonly sum: Value; readonly normal: Value } {
  const inputs = bias === null ? [x, residual, weight] : [x, residual, weight, bias];
  const [normal, sum] = g.operator({
    kind: bias === null ? 'SkipSimplifiedLayerNormalization' : 'SkipLayerNormalization',
    domain: MICROSOFT,
    inputs: added === null ? inputs : [...inputs, added],
    outputs: [{ shape: x.shape }, null, null, { shape: x.shape }],
    attributes: { epsilon: { float: epsilon } },
  });
  if (normal === undefined || sum === undefined) throw new Error('A norm has two outputs.');
  return { sum, normal };
}
