/** Error function. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { exp } from './exp.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';

export function erf(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Erf',
    inputs: [x],
    shape: x.shape,
    derivatives: [
      (upstream) =>
        mul(g, upstream, mul(g, g.real(2 / Math.sqrt(Math.PI)), exp(g, neg(g, mul(g, x, x))))),
    ],
  });
  return y;
}
