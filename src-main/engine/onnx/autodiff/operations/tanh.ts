/** Hyperbolic tangent. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { mul } from './mul.ts';
import { sub } from './sub.ts';

export function tanh(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Tanh',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => mul(g, upstream, sub(g, g.real(1), mul(g, y, y)))],
  });
  return y;
}
