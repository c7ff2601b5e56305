/** What the graphs of a translator are fed: tokens, and which of them are real. */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { cast, difference, reshaped, times } from '../../onnx/layers/operators.ts';

/** What is added to scores of positions that are not there: the lowest float32. */
const NEVER = 3.4028234663852886e38;

/** Of the encoder. @returns ids int64 [B, T], and mask int32 [B, T] */
export function encoderInputs(g: GraphBuilder): { readonly ids: Value; readonly mask: Value } {
  const ids = g.input('input_ids', 'int64', ['batch', 'positions']);
  const mask = g.input('attention_mask', 'int64', ['batch', 'positions']);
  return { ids, mask: cast(g, mask, 'int32') };
}

/** Of a step. @returns [B, 1, 1, T]: 0 where there is a token, else what no score outweighs */
export function crossMask(g: GraphBuilder): Value {
  const mask = g.input('encoder_attention_mask', 'int64', ['batch', 'positions']);
  const missing = difference(g, cast(g, mask, 'real'), g.real(1));
  return reshaped(g, times(g, missing, g.real(NEVER)), [0, 1, 1, -1], ['batch', 1, 1, 'positions']);
}
