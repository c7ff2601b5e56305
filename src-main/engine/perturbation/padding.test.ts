import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatData, floatTensor, int64Tensor } from '../onnx/tensor.ts';
import { firstPositions, longestRow, withPadding } from './padding.ts';

const size = fc.integer({ min: 1, max: 5 });

test('what is left out and put back is what was there', () => {
  fc.assert(
    fc.property(size, size, size, size, (rows, positions, width, cut) => {
      const data = Float32Array.from({ length: rows * positions * width }, (_, i) => i);
      const whole = floatTensor(data, [rows, positions, width]);
      const length = Math.min(cut, positions);
      const part = firstPositions(whole, length);
      expect(part.dims).toEqual([rows, length, width]);
      expect(floatData(withPadding(part, whole, 1))).toEqual(data);
    }),
  );
});

test('rows of several α get the padding of their own input', () => {
  const plain = floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2, 1]);
  const stepped = floatTensor(Float32Array.of(10, 11, 30, 31), [4, 1, 1]);
  expect(floatData(withPadding(stepped, plain, 2))).toEqual(
    Float32Array.of(10, 2, 11, 2, 30, 4, 31, 4),
  );
});

test('the longest row decides, and a batch without any real position keeps one', () => {
  expect(longestRow(int64Tensor([1, 0, 0, 1, 1, 0], [2, 3]))).toBe(2);
  expect(longestRow(int64Tensor([0, 0, 0, 0], [2, 2]))).toBe(1);
});
