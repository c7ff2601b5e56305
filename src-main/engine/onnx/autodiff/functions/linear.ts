/** A fully connected layer, x·W + b. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { add } from '../operations/add.ts';
import { matMul } from '../operations/mat-mul.ts';

/**
 * @param x [… inputs]
 * @param weight [inputs, outputs]
 * @param bias [outputs]
 */
export function linear(g: GraphBuilder, x: Value, weight: Value, bias: Value): Value {
  return add(g, matMul(g, x, weight), bias);
}
