/** Huber loss of every difference: d²/2 up to |d| = 1, |d| − 1/2 beyond (Huber 1964). */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import type { Value } from '../../graph-builder/value.ts';
import { clip } from '../operations/clip.ts';
import { mul } from '../operations/mul.ts';
import { sub } from '../operations/sub.ts';

export function huber(g: GraphBuilder, difference: Value): Value {
  // With c = clip(d, −1, 1) both branches are c·(d − c/2).
  const clipped = clip(g, difference, -1, 1);
  return mul(g, clipped, sub(g, difference, mul(g, clipped, g.real(0.5))));
}
