/** Softmax over the last axis. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { mul } from './mul.ts';
import { reduceSum } from './reduce-sum.ts';
import { sub } from './sub.ts';

export function softmax(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Softmax',
    inputs: [x],
    attributes: { axis: -1 },
    shape: x.shape,
    derivatives: [
      (upstream) => {
        const average = reduceSum(g, mul(g, upstream, y), [-1]);
        return mul(g, y, sub(g, upstream, average));
      },
    ],
  });
  return y;
}
