/** Examples made of given rows, for tests. */

import { floatTensor, int64Tensor } from '../../onnx/tensor.ts';
import type { TrainingExamples } from './training-examples.ts';

/** @param rows encoder outputs [T · width] of each example */
export function examplesOf(
  rows: readonly Float32Array[],
  width: number,
  scores: readonly number[],
): TrainingExamples {
  const lengths = rows.map((row) => row.length / width);
  return {
    lengths,
    scores,
    batch: (indices) => {
      const positions = Math.max(...indices.map((i) => lengths[i] ?? 0));
      const states = new Float32Array(indices.length * positions * width);
      const mask = new Uint8Array(indices.length * positions);
      indices.forEach((index, b) => {
        states.set(rows[index] ?? [], b * positions * width);
        mask.fill(1, b * positions, b * positions + (lengths[index] ?? 0));
      });
      return Promise.resolve({
        hiddenStates: floatTensor(states, [indices.length, positions, width]),
        mask: int64Tensor(mask, [indices.length, positions]),
      });
    },
  };
}
