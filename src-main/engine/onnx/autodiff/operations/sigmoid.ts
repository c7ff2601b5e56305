/** Logistic function 1 / (1 + exp(−x)). */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { mul } from './mul.ts';
import { sub } from './sub.ts';

export function sigmoid(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Sigmoid',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => mul(g, upstream, mul(g, y, sub(g, g.real(1), y)))],
  });
  return y;
}
