/** The value with the other sign. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';

export function neg(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Neg',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => neg(g, upstream)],
  });
  return y;
}
