/** Encoder outputs of single units, taken out of a batch and put together to another one. */

import type { Encoded } from '../models/model.ts';
import { dimension, floatData, floatTensor, int64Tensor } from '../onnx/tensor.ts';

/** Encoder output of one unit. */
export interface EncodedRow {
  /** [T, D] */
  readonly hiddenStates: Float32Array;
  /** [T]: 1 where a position stands for real input. */
  readonly validMask: Uint8Array;
}

/**
 * Row `row` of a batch; views into it where possible.
 * @param withPadding keep positions after the last real one
 */
export function rowOf(encoded: Encoded, row: number, withPadding: boolean): EncodedRow {
  const [positions, hiddenSize] = [1, 2].map((axis) => dimension(encoded.hiddenStates, axis)) as [
    number,
    number,
  ];
  const mask = Uint8Array.from({ length: positions }, (_, t) =>
    Number(encoded.validMask.data[row * positions + t]),
  );
  const length = withPadding ? positions : mask.lastIndexOf(1) + 1;
  const start = row * positions * hiddenSize;
  return {
    hiddenStates: floatData(encoded.hiddenStates).subarray(start, start + length * hiddenSize),
    validMask: mask.subarray(0, length),
  };
}

/** Rows as one batch, as long as the longest; the padding of shorter ones is 0. */
export function batchOf(rows: readonly EncodedRow[], hiddenSize: number): Encoded {
  const positions = Math.max(...rows.map(({ validMask }) => validMask.length));
  const states = new Float32Array(rows.length * positions * hiddenSize);
  const mask = new Uint8Array(rows.length * positions);
  rows.forEach((row, b) => {
    states.set(row.hiddenStates, b * positions * hiddenSize);
    mask.set(row.validMask, b * positions);
  });
  return {
    hiddenStates: floatTensor(states, [rows.length, positions, hiddenSize]),
    validMask: int64Tensor(mask, [rows.length, positions]),
  };
}
