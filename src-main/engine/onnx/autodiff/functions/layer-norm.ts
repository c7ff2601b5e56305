/** Layer normalisation over the last axis (Ba et al. 2016, arXiv 1607.06450), ε as in PyTorch. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { add } from '../operations/add.ts';
import { div } from '../operations/div.ts';
import { mul } from '../operations/mul.ts';
import { sqrt } from '../operations/sqrt.ts';
import { sub } from '../operations/sub.ts';
import { mean } from './mean.ts';

const EPSILON = 1e-5;

/**
 * @param x [… D]
 * @param weight [D]
 * @param bias [D]
 */
export function layerNorm(g: GraphBuilder, x: Value, weight: Value, bias: Value): Value {
  const centred = sub(g, x, mean(g, x, [-1]));
  const variance = mean(g, mul(g, centred, centred), [-1]);
  const normal = div(g, centred, sqrt(g, add(g, variance, g.real(EPSILON))));
  return add(g, mul(g, normal, weight), bias);
}
