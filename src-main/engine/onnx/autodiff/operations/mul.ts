/** Product of two values, with broadcasting. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { reduceTo } from './reduce-sum.ts';

export function mul(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node({
    kind: 'Mul',
    inputs: [a, b],
    shape: broadcastShape(a.shape, b.shape),
    derivatives: [
      (upstream) => reduceTo(g, mul(g, upstream, b), a.shape),
      (upstream) => reduceTo(g, mul(g, upstream, a), b.shape),
    ],
  });
}
