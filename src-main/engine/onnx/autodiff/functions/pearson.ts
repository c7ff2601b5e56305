/** Pearson's correlation of two batches of numbers, as a part of a loss. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { add } from '../operations/add.ts';
import { div } from '../operations/div.ts';
import { mul } from '../operations/mul.ts';
import { reduceSum } from '../operations/reduce-sum.ts';
import { sqrt } from '../operations/sqrt.ts';
import { sub } from '../operations/sub.ts';
import { mean } from './mean.ts';

/** Under the roots: a batch of equal numbers has no correlation, and must have no infinite slope. */
const SMALLEST = 1e-8;

/**
 * @param a [B]
 * @param b [B]
 * @returns [1]
 */
export function pearson(g: GraphBuilder, a: Value, b: Value): Value {
  const [x, y] = [sub(g, a, mean(g, a, [0])), sub(g, b, mean(g, b, [0]))];
  const length = (v: Value) => sqrt(g, add(g, reduceSum(g, mul(g, v, v), [0]), g.real(SMALLEST)));
  return div(g, reduceSum(g, mul(g, x, y), [0]), mul(g, length(x), length(y)));
}
