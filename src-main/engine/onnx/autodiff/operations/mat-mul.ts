/** Matrix product over the last two axes; axes before them broadcast. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { broadcastShape, type Value } from '../../graph-builder/value.ts';
import { reduceTo } from './reduce-sum.ts';
import { transposeMatrix } from './transpose.ts';

/**
 * @param a [… M, K]
 * @param b [… K, N]
 */
export function matMul(g: GraphBuilder, a: Value, b: Value): Value {
  const [rows = 0, inner] = a.shape.slice(-2);
  const [outer, columns = 0] = b.shape.slice(-2);
  if (a.shape.length < 2 || b.shape.length < 2 || inner !== outer) {
    throw new Error(`Matrices [${a.shape}] and [${b.shape}] cannot be multiplied.`);
  }
  return g.node({
    kind: 'MatMul',
    inputs: [a, b],
    shape: [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns],
    derivatives: [
      (upstream) => reduceTo(g, matMul(g, upstream, transposeMatrix(g, b)), a.shape),
      (upstream) => reduceTo(g, matMul(g, transposeMatrix(g, a), upstream), b.shape),
    ],
  });
}
