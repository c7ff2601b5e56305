/** Quotient of two values, with broadcasting. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { reduceTo } from './reduce-sum.ts';

export function div(g: GraphBuilder, a: Value, b: Value): Value {
  const quotient = g.node({
    kind: 'Div',
    inputs: [a, b],
    shape: broadcastShape(a.shape, b.shape),
    derivatives: [
      (upstream) => reduceTo(g, div(g, upstream, b), a.shape),
      // d(a/b)/db = −(a/b)/b
      (upstream) => reduceTo(g, neg(g, div(g, mul(g, upstream, quotient), b)), b.shape),
    ],
  });
  return quotient;
}
