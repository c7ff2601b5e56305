/** GELU in its exact form, x·Φ(x) (Hendrycks and Gimpel 2016, arXiv 1606.08415). */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { add } from '../operations/add.ts';
import { erf } from '../operations/erf.ts';
import { mul } from '../operations/mul.ts';

export function gelu(g: GraphBuilder, x: Value): Value {
  const twice = add(g, erf(g, mul(g, x, g.real(Math.SQRT1_2))), g.real(1));
  return mul(g, x, mul(g, twice, g.real(0.5)));
}
