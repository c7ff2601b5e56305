/** Difference of two values, with broadcasting. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { neg } from './neg.ts';
import { reduceTo } from './reduce-sum.ts';

export function sub(g: GraphBuilder, a: Value, b: Value): Value {
  return g.node({
    kind: 'Sub',
    inputs: [a, b],
    shape: broadcastShape(a.shape, b.shape),
    derivatives: [
      (upstream) => reduceTo(g, upstream, a.shape),
      (upstream) => reduceTo(g, neg(g, upstream), b.shape),
    ],
  });
}
