/** `a` where a condition holds, else `b`, with broadcasting. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { reduceTo } from './reduce-sum.ts';

export function where(g: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  return g.node({
    kind: 'Where',
    inputs: [condition, a, b],
    shape: broadcastShape(condition.shape, broadcastShape(a.shape, b.shape)),
    derivatives: [
      null,
      (upstream) => reduceTo(g, where(g, condition, upstream, g.real(0)), a.shape),
      (upstream) => reduceTo(g, where(g, condition, g.real(0), upstream), b.shape),
    ],
  });
}
