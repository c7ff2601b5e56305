/** Natural logarithm. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { div } from './div.ts';

export function log(g: GraphBuilder, x: Value): Value {
  const y = g.node({
    kind: 'Log',
    inputs: [x],
    shape: x.shape,
    derivatives: [(upstream) => div(g, upstream, x)],
  });
  return y;
}
