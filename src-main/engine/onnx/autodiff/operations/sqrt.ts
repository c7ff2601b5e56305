/** Square root. Its derivative at 0 is infinite: keep away from it. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { div } from './div.ts';
import { mul } from './mul.ts';

export function sqrt(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Sqrt',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => div(g, upstream, mul(g, g.real(2), y))],
  });
  return y;
}
