/** Rows of an encoder output by their number of real positions, for decoders that cannot mask. */

import { dimension, floatData, floatTensor, type Tensor } from '../onnx/tensor.ts';
import type { Encoded } from './model.ts';

export interface EqualRows {
  /** Places in the batch. */
  readonly rows: readonly number[];
  /** [rows, length, D] */
  readonly hiddenStates: Tensor;
}

/** Rows of one length together, without their padding. */
export function rowsByLength({ hiddenStates, validMask }: Encoded): readonly EqualRows[] {
  const [batch, positions, size] = [0, 1, 2].map((axis) => dimension(hiddenStates, axis)) as [
    number,
    number,
    number,
  ];
  const states = floatData(hiddenStates);
  const marks = validMask.data as BigInt64Array;
  const lengthOf = (row: number) =>
    marks.subarray(row * positions, (row + 1) * positions).lastIndexOf(1n) + 1;
  const groups = Map.groupBy(
    Array.from({ length: batch }, (_, row) => row),
    lengthOf,
  );
  return [...groups].map(([length, rows]) => {
    const part = new Float32Array(rows.length * length * size);
    rows.forEach((row, i) => {
      const start = row * positions * size;
      part.set(states.subarray(start, start + length * size), i * length * size);
    });
    return { rows, hiddenStates: floatTensor(part, [rows.length, length, size]) };
  });
}
