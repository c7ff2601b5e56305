/** Axes in another order. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';

/** @param order axis i of the result is axis `order[i]` of `x` */
export function transpose(g: GraphBuilder, x: Value, order: readonly number[]): Value {
  const back = order.map((_, axis) => order.indexOf(axis));
  return g.node({
    kind: 'Transpose',
    inputs: [x],
    attributes: { perm: order },
    shape: order.map((axis) => x.shape[axis] ?? 1),
    derivatives: [(upstream) => transpose(g, upstream, back)],
  });
}

/** The last two axes exchanged. */
export function transposeMatrix(g: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return transpose(g, x, order);
}
