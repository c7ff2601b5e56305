import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatData, floatTensor, int64Tensor } from '../onnx/tensor.ts';
import { firstMaskPositions, firstPositions, longestRow, withPadding } from './padding.ts';
import { PerturbationMemory } from './perturbation-memory.ts';

const size = fc.integer({ min: 1, max: 5 });

test('what is left out and put back is what was there', () => {
  fc.assert(
    fc.property(size, size, size, size, (rows, positions, width, cut) => {
      const data = Float32Array.from({ length: rows * positions * width }, (_, i) => i);
      const whole = floatTensor(data, [rows, positions, width]);
      const length = Math.min(cut, positions);
      const { input, output } = new PerturbationMemory();
      const part = firstPositions(whole, length, input);
      expect(part.dims).toEqual([rows, length, width]);
      expect(floatData(withPadding(part, whole, output))).toEqual(data);
    }),
  );
});

test('rows of several α get the padding of their own input', () => {
  const plain = floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2, 1]);
  const stepped = floatTensor(Float32Array.of(10, 11, 30, 31), [4, 1, 1]);
  expect(floatData(withPadding(stepped, plain, new PerturbationMemory().output))).toEqual(
    Float32Array.of(10, 2, 11, 2, 30, 4, 31, 4),
  );
});

test('a mask keeps its first positions in every row', () => {
  const mask = int64Tensor([1, 0, 0, 1, 1, 0], [2, 3]);
  expect(firstMaskPositions(mask, 2)).toMatchObject({
    dims: [2, 2],
    data: BigInt64Array.of(1n, 0n, 1n, 1n),
  });
});

test('the longest row decides, and a batch without any real position keeps one', () => {
  expect(longestRow(int64Tensor([1, 0, 0, 1, 1, 0], [2, 3]))).toBe(2);
  expect(longestRow(int64Tensor([0, 0, 0, 0], [2, 2]))).toBe(1);
});
