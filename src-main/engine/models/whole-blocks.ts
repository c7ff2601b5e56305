/**
 * Encoder positions in whole blocks, the last one filled up with positions that nothing may look at. ONNX
 * Runtime's product of one row adds positions in groups of four, and what is left over otherwise: so the last
 * bits of an attention depended on how long the longest row of a batch is. With whole groups they do not.
 */

import {
  castFloat,
  dimension,
  floatData,
  floatTensor,
  int64Tensor,
  type Tensor,
} from '../onnx/tensor.ts';

const BLOCK = 8;

/**
 * @param hiddenStates [B, T, D]
 * @param mask int64 [B, T]
 * @returns both with T a multiple of the block
 */
export function inWholeBlocks(
  hiddenStates: Tensor,
  mask: Tensor,
): readonly [hiddenStates: Tensor, mask: Tensor] {
  const [rows, length, size] = [0, 1, 2].map((axis) => dimension(hiddenStates, axis)) as [
    number,
    number,
    number,
  ];
  const whole = Math.ceil(length / BLOCK) * BLOCK;
  if (whole === length) return [hiddenStates, mask];
  const states = floatData(castFloat(hiddenStates, 'float32'));
  const filled = new Float32Array(rows * whole * size);
  const seen = new Array<number>(rows * whole).fill(0);
  for (let row = 0; row < rows; row++) {
    filled.set(states.subarray(row * length * size, (row + 1) * length * size), row * whole * size);
    for (let t = 0; t < length; t++) seen[row * whole + t] = Number(mask.data[row * length + t]);
  }
  return [floatTensor(filled, [rows, whole, size]), int64Tensor(seen, [rows, whole])];
}
