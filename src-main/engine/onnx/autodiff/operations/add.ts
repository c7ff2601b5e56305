/** Sum of two values, with broadcasting. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { reduceTo } from './reduce-sum.ts';

export function add(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node({
    kind: 'Add',
    inputs: [a, b],
    shape: broadcastShape(a.shape, b.shape),
    derivatives: [
      (upstream) => reduceTo(g, upstream, a.shape),
      (upstream) => reduceTo(g, upstream, b.shape),
    ],
  });
}
