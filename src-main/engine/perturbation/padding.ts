/** Leaving out positions that are padding in every row, and putting them back. */

import { dimension, floatData, Tensor } from '../onnx/tensor.ts';

/** Positions up to the last one that any row of an int64 mask [B, T] marks; at least 1. */
export function longestRow(mask: Tensor): number {
  const positions = dimension(mask, 1);
  const last = (mask.data as BigInt64Array).reduce(
    (longest, marked, i) => (marked === 0n ? longest : Math.max(longest, (i % positions) + 1)),
    0,
  );
  return Math.max(1, last);
}

/** [B, T, …] → [B, length, …]; the tensor itself where that is all of it. */
export function firstPositions(tensor: Tensor, length: number): Tensor {
  const [rows, positions] = [dimension(tensor, 0), dimension(tensor, 1)];
  if (length === positions) return tensor;
  const rest = tensor.dims.slice(2);
  const width = rest.reduce((product, size) => product * size, 1);
  const dims = [rows, length, ...rest];
  const cut = <T extends Float32Array | BigInt64Array>(source: T, target: T): T => {
    for (let row = 0; row < rows; row++) {
      const start = row * positions * width;
      // One element type by construction; the union type cannot say so.
      const part = source.subarray(start, start + length * width) as Float32Array;
      (target as Float32Array).set(part, row * length * width);
    }
    return target;
  };
  const size = rows * length * width;
  return tensor.data instanceof BigInt64Array
    ? new Tensor('int64', cut(tensor.data, new BigInt64Array(size)), dims)
    : new Tensor('float32', cut(floatData(tensor), new Float32Array(size)), dims);
}

/**
 * Puts back what `firstPositions` left out.
 *
 * @param perturbed float32 [B·A, length, D], row b·A + a
 * @param plain float32 [B, T, D]
 * @returns float32 [B·A, T, D] with the bytes of `plain` behind position `length`
 */
export function withPadding(perturbed: Tensor, plain: Tensor, alphas: number): Tensor {
  const [rows, length] = [dimension(perturbed, 0), dimension(perturbed, 1)];
  const [positions, width] = [dimension(plain, 1), dimension(plain, 2)];
  if (length === positions) return perturbed;
  const [step, source] = [floatData(perturbed), floatData(plain)];
  const out = new Float32Array(rows * positions * width);
  for (let row = 0; row < rows; row++) {
    const start = row * positions * width;
    const plainStart = Math.floor(row / alphas) * positions * width;
    out.set(step.subarray(row * length * width, (row + 1) * length * width), start);
    out.set(
      source.subarray(plainStart + length * width, plainStart + positions * width),
      start + length * width,
    );
  }
  return new Tensor('float32', out, [rows, positions, width]);
}
