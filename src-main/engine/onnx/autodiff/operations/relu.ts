/** Rectifier max(x, 0); its derivative at 0 is taken as 0. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { greater } from './compare.ts';
import { where } from './where.ts';

export function relu(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Relu',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => where(g, greater(g, x, g.real(0)), upstream, g.real(0))],
  });
  return y;
}
