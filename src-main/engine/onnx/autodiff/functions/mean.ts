/** Mean over axes, which stay with size 1. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { axesOf, type Value } from '../../graph-builder/value.ts';
import { div } from '../operations/div.ts';
import { ones } from '../operations/ones.ts';
import { reduceSum } from '../operations/reduce-sum.ts';

export function mean(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const sizes = axesOf(x, axes).map((axis) => x.shape[axis] ?? 1);
  const known = sizes.filter((size) => typeof size === 'number');
  const count =
    known.length === sizes.length
      ? g.real(known.reduce((product, size) => product * size, 1))
      : reduceSum(g, ones(g, x), axes);
  return div(g, reduceSum(g, x, axes), count);
}
