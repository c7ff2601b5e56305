/** Leaving out positions that are padding in every row, and putting them back. */

import { dimension, floatData, floatTensor, Tensor } from '../onnx/tensor.ts';
import type { PerturbationMemory } from './perturbation-memory.ts';

/** Positions up to the last one that any row of an int64 mask [B, T] marks; at least 1. */
export function longestRow(mask: Tensor): number {
  const positions = dimension(mask, 1);
  const last = (mask.data as BigInt64Array).reduce(
    (longest, marked, i) => (marked === 0n ? longest : Math.max(longest, (i % positions) + 1)),
    0,
  );
  return Math.max(1, last);
}

/** int64 [B, T] → [B, length]; the tensor itself where that is all of it. */
export function firstMaskPositions(mask: Tensor, length: number): Tensor {
  const [rows, positions] = [dimension(mask, 0), dimension(mask, 1)];
  if (length === positions) return mask;
  const marks = (mask.data as BigInt64Array).filter((_, i) => i % positions < length);
  return new Tensor('int64', marks, [rows, length]);
}

/** float32 [B, T, D] → [B, length, D]; the tensor itself where that is all of it. */
export function firstPositions(
  tensor: Tensor,
  length: number,
  memory: PerturbationMemory['input'],
): Tensor {
  const [rows, positions, width] = shape(tensor);
  if (length === positions) return tensor;
  const source = floatData(tensor);
  const part = memory.take(rows * length * width);
  for (let row = 0; row < rows; row++) {
    const start = row * positions * width;
    part.set(source.subarray(start, start + length * width), row * length * width);
  }
  return floatTensor(part, [rows, length, width]);
}

/**
 * Puts back what `firstPositions` left out.
 *
 * @param perturbed float32 [B·A, length, D], row b·A + a
 * @param plain float32 [B, T, D]
 * @returns float32 [B·A, T, D] with the bytes of `plain` behind position `length`
 */
export function withPadding(
  perturbed: Tensor,
  plain: Tensor,
  memory: PerturbationMemory['output'],
): Tensor {
  const [rows, length] = shape(perturbed);
  const [inputs, positions, width] = shape(plain);
  if (length === positions) return perturbed;
  const alphas = rows / inputs;
  const [step, source] = [floatData(perturbed), floatData(plain)];
  const whole = memory.take(rows * positions * width);
  for (let row = 0; row < rows; row++) {
    const start = row * positions * width;
    const plainStart = Math.floor(row / alphas) * positions * width;
    whole.set(step.subarray(row * length * width, (row + 1) * length * width), start);
    whole.set(
      source.subarray(plainStart + length * width, plainStart + positions * width),
      start + length * width,
    );
  }
  return floatTensor(whole, [rows, positions, width]);
}

function shape(tensor: Tensor): readonly [number, number, number] {
  return [dimension(tensor, 0), dimension(tensor, 1), dimension(tensor, 2)];
}
