/** What every proxy graph reads: encoder outputs and the mask of their real positions. */

import { reshape } from '../../onnx/autodiff/operations/reshape.ts';
import { where } from '../../onnx/autodiff/operations/where.ts';
import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';

/** TensorProto.DataType of `bool`, for Cast. */
const BOOL = 9;

export interface EncoderInputs {
  /** `encoder_hidden_states` as it came, real [B, T, D] */
  readonly states: Value;
  /** The same with 0 at padding, so that nothing of it is read. */
  readonly clean: Value;
  /** bool [B, T, 1] */
  readonly present: Value;
}

export function encoderInputs(g: GraphBuilder, width: number): EncoderInputs {
  const states = g.input('encoder_hidden_states', 'real', ['batch', 'positions', width]);
  const mask = g.input('attention_mask', 'int64', ['batch', 'positions']);
  const marks = g.node({
    kind: 'Cast',
    inputs: [mask],
    attributes: { to: BOOL },
    type: 'bool',
    shape: mask.shape,
    derivatives: [null],
  });
  const present = reshape(g, marks, ['batch', 'positions', 1]);
  return { states, present, clean: where(g, present, states, g.real(0)) };
}
