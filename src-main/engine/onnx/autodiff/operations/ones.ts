/** Ones in the shape of another value: where differentiation begins, and what is counted. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { expandTo } from './reduce-sum.ts';

export function ones(g: GraphBuilder, like: Value): Value {
  const one = g.real(1);
  return like.shape.length === 0 ? one : expandTo(g, one, like);
}
