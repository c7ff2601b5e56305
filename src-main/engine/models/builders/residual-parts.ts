/**
 * Parts of a layer one after the other, each with what was there before added to its output: with the norm
 * before a part (as most models), or behind the sum (as the first Transformer).
 */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { type Norm, normalised, sumNormalised } from '../../onnx/layers/norms.ts';
import { sum } from '../../onnx/layers/operators.ts';

/** A part's output without its bias, and the bias [D]; null for none. */
export interface Part {
  readonly output: Value;
  readonly bias: Value | null;
}

interface NormedPart {
  readonly norm: Norm;
  readonly run: (read: Value) => Part;
}

/**
 * @param x [rows, D]
 * @param afterAll one more norm behind the last part; null for none
 */
export function throughParts(
  g: GraphBuilder,
  x: Value,
  parts: readonly NormedPart[],
  { normBefore, afterAll }: { readonly normBefore: boolean; readonly afterAll: Norm | null },
): Value {
  const [first] = parts;
  let residual = x;
  let read = normBefore && first ? normalised(g, x, first.norm) : x;
  for (const [i, { norm, run }] of parts.entries()) {
    const { output, bias } = run(read);
    const next = normBefore ? (parts[i + 1]?.norm ?? afterAll) : norm;
    if (next === null) return sum(g, bias === null ? output : sum(g, output, bias), residual);
    const after = sumNormalised(g, { x: output, residual, added: bias }, next);
    read = after.normal;
    residual = normBefore ? after.sum : after.normal;
  }
  return normBefore || afterAll === null ? read : normalised(g, read, afterAll);
}
