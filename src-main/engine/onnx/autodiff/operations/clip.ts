/** Values kept between two bounds. Outside of them the derivative is 0. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { greater, less } from './compare.ts';
import { where } from './where.ts';

/** @param high infinite where there is no upper bound */
export function clip(g: GraphBuilder, x: Value, low: number, high: number): Value {
  const bounds = [low, high].map((bound) => (Number.isFinite(bound) ? g.real(bound) : null));
  const [lowest = null, highest = null] = bounds;
  return g.node({
    kind: 'Clip',
    inputs: [x, lowest, highest],
    shape: x.shape,
    derivatives: [
      (upstream) => {
        const zero = g.real(0);
        const notBelow = lowest === null ? upstream : where(g, less(g, x, lowest), zero, upstream);
        return highest === null ? notBelow : where(g, greater(g, x, highest), zero, notBelow);
      },
      null,
      null,
    ],
  });
}
