import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dimension, floatData, floatTensor, selectRows, type Tensor } from '../onnx/tensor.ts';
import type { PerturbationProxy, Perturbed } from './proxy.ts';
import { type EncoderOutputs, lengthsOf, maskOf, rowOf } from './test-encoder-outputs.ts';
import { PROXY_CASES } from './test-proxies.ts';
import { bytesOf, norm, relative, relativeDistance, stepOf, valuesOf } from './test-steps.ts';

describe.each(PROXY_CASES)('the proxy $name', ({ load, encode }) => {
  let proxy: PerturbationProxy;
  let encoded: EncoderOutputs;
  let lengths: readonly number[];
  let [positions, width] = [0, 0];
  beforeAll(async () => {
    proxy = await load();
    encoded = await encode();
    lengths = lengthsOf(encoded.mask);
    positions = dimension(encoded.hiddenStates, 1);
    width = dimension(encoded.hiddenStates, 2);
  });
  afterAll(() => proxy.dispose());
  const perturb = (alphas: readonly number[]) =>
    proxy.perturb(encoded.hiddenStates, encoded.mask, alphas);

  test('gives the bytes of the input at α 0 and −0, alone and beside other α', async () => {
    for (const alphas of [[0], [-0], [0.3, 0, -0, 1e6, 1e-30, 0]]) {
      const { hiddenStates } = await perturb(alphas);
      alphas.forEach((alpha, a) => {
        if (alpha !== 0) return;
        lengths.forEach((_, b) => {
          const plain = bytesOf(encoded.hiddenStates, b, 0, positions);
          const row = bytesOf(hiddenStates, b * alphas.length + a, 0, positions);
          expect(row.equals(plain)).toBe(true);
        });
      });
    }
  });

  test('never changes a byte of padding', async () => {
    const alphas = [0.05, -0.5, 7, 1e6];
    const { hiddenStates } = await perturb(alphas);
    lengths.forEach((length, b) => {
      const plain = bytesOf(encoded.hiddenStates, b, length, positions);
      alphas.forEach((_, a) => {
        const row = bytesOf(hiddenStates, b * alphas.length + a, length, positions);
        expect(row.equals(plain)).toBe(true);
      });
    });
  });

  test.each([0, 12, 1e30, Number.POSITIVE_INFINITY, Number.NaN])(
    'does not read padding: with %s there, scores and steps keep their bytes',
    async (garbage) => {
      const states = Float32Array.from(floatData(encoded.hiddenStates));
      lengths.forEach((length, b) => {
        states.fill(garbage, (b * positions + length) * width, (b + 1) * positions * width);
      });
      const spoiled = floatTensor(states, encoded.hiddenStates.dims);
      const before = await perturb([0.2]);
      const after = await proxy.perturb(spoiled, encoded.mask, [0.2]);
      expect(after.scores).toEqual(before.scores);
      expect(after.gradientNorms).toEqual(before.gradientNorms);
      lengths.forEach((length, b) => {
        const row = bytesOf(after.hiddenStates, b, 0, length);
        expect(row.equals(bytesOf(before.hiddenStates, b, 0, length))).toBe(true);
      });
    },
  );

  test('gives a row what it gets alone and without padding', async () => {
    const together = await perturb([0.2]);
    for (const [b, length] of lengths.entries()) {
      const row = rowOf(encoded.hiddenStates, b, length);
      const alone = { hiddenStates: row, mask: maskOf([length], length) };
      const result = await proxy.perturb(alone.hiddenStates, alone.mask, [0.2]);
      expectSameRow(alone, result, 0, encoded, together, b);
    }
  });

  test('gives a row the same in whatever order the rows come', async () => {
    const together = await perturb([0.2]);
    const order = lengths.map((_, b) => lengths.length - 1 - b);
    const turned = {
      hiddenStates: selectRows(encoded.hiddenStates, order),
      mask: selectRows(encoded.mask, order),
    };
    const result = await proxy.perturb(turned.hiddenStates, turned.mask, [0.2]);
    order.forEach((b, row) => {
      expectSameRow(turned, result, row, encoded, together, b);
    });
  });

  test('leaves a row alone whose positions are all masked', async () => {
    const none = maskOf(
      lengths.map((length, b) => (b === 0 ? 0 : length)),
      positions,
    );
    const alphas = [0.3, -5];
    const masked = await proxy.perturb(encoded.hiddenStates, none, alphas);
    expect(masked.gradientNorms[0]).toBe(0);
    expect(masked.scores.every(Number.isFinite)).toBe(true);
    alphas.forEach((_, a) => {
      const row = bytesOf(masked.hiddenStates, a, 0, positions);
      expect(row.equals(bytesOf(encoded.hiddenStates, 0, 0, positions))).toBe(true);
    });
  });

  test.each([
    ['zeros', () => 0],
    ['one constant', () => 0.7],
    ['values of a million', (i: number) => (i % 2 === 0 ? 1e6 : -1e6)],
    ['denormal values', (i: number) => (i % 3) * 1e-42],
  ])('gives finite numbers for %s', async (_, value) => {
    const states: Tensor = floatTensor(
      Float32Array.from(floatData(encoded.hiddenStates), (_, i) => value(i)),
      encoded.hiddenStates.dims,
    );
    const { hiddenStates, scores, gradientNorms } = await proxy.perturb(
      states,
      encoded.mask,
      [0.3, -2, 0],
    );
    for (const values of [floatData(hiddenStates), scores, gradientNorms]) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
    const plain = bytesOf(states, 0, 0, positions);
    expect(bytesOf(hiddenStates, 2, 0, positions).equals(plain)).toBe(true);
  });
});

/** Sums of a batch are added up in another order than those of a row, so bytes may differ. */
function expectSameRow(
  actual: EncoderOutputs,
  result: Perturbed,
  row: number,
  expected: EncoderOutputs,
  reference: Perturbed,
  b: number,
): void {
  expect(relative(result.scores[row], reference.scores[b])).toBeLessThanOrEqual(1e-5);
  expect(relative(result.gradientNorms[row], reference.gradientNorms[b])).toBeLessThanOrEqual(1e-5);
  const step = stepOf(expected, reference, b, 0);
  if (norm(step) === 0) {
    expect(norm(stepOf(actual, result, row, 0))).toBe(0);
    return;
  }
  // The subtraction of E leaves rounding in proportion to E, not to the step.
  const rounding = (3e-7 * norm(valuesOf(expected, b))) / norm(step);
  const distance = relativeDistance(stepOf(actual, result, row, 0), step);
  expect(distance).toBeLessThanOrEqual(1e-5 + rounding);
}
