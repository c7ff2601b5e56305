/** Comparisons; they are constant almost everywhere, so nothing flows back through them. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';

export function equal(g: GraphBuilder, a: Value, b: Value): Value {
  return comparison(g, 'Equal', a, b);
}

export function greater(g: GraphBuilder, a: Value, b: Value): Value {
  return comparison(g, 'Greater', a, b);
}

export function less(g: GraphBuilder, a: Value, b: Value): Value {
  return comparison(g, 'Less', a, b);
}

function comparison(g: GraphBuilder, kind: string, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape);
  return g.node({ kind, inputs: [a, b], type: 'bool', shape, derivatives: [null, null] });
}
