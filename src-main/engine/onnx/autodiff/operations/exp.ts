/** Exponential function. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { mul } from './mul.ts';

export function exp(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Exp',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => mul(g, upstream, y)],
  });
  return y;
}
