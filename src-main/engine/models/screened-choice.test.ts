import { expect, test } from 'vitest';
import { screenedChoice } from './screened-choice.ts';

const screen = { largestError: 0.1, largestRow: 1 };
/** ‖h‖ = 1, largest 1: reach 1.05 · (0.1 + √2 / 254). */
const hidden = Float32Array.of(1, 0);
const REACH = 1.05 * (0.1 + Math.SQRT2 / 254);
const row = (rough: readonly number[], exact: readonly number[]) => ({
  candidates: BigInt64Array.from(rough, (_, i) => BigInt(10 + i)),
  rough: Float32Array.from(rough),
  exact: Float32Array.from(exact),
  logSum: 3,
  hidden,
});

test('the best true logit is chosen, with its probability among corrected ones', () => {
  const choice = screenedChoice(row([2, 1.95, 1], [1.95, 2.02, 1]), screen);
  const sum = Math.exp(3) + (Math.exp(1.95) - Math.exp(2)) + (Math.exp(2.02) - Math.exp(1.95));
  expect(choice?.id).toBe(11);
  expect(choice?.logProbability).toBeCloseTo(2.02 - Math.log(sum), 6);
});

test('nothing is chosen where another token could reach as high', () => {
  expect(screenedChoice(row([2, 1.9, 2 - REACH + 0.01], [2, 1.9, 1.9]), screen)).toBeNull();
  expect(screenedChoice(row([2, 1.9, 2 - REACH - 0.01], [2, 1.9, 1.9]), screen)?.id).toBe(10);
});

test('nothing is chosen where two are nearly equal, or the bound does not hold, or numbers fail', () => {
  expect(screenedChoice(row([2, 2, 1], [2, 2.00005, 1]), screen)).toBeNull();
  expect(screenedChoice(row([2, 1.5, 1], [2, 1.8, 1]), screen)).toBeNull();
  expect(screenedChoice(row([2, Number.NaN, 1], [2, 1, 1]), screen)).toBeNull();
  const none = Number.NEGATIVE_INFINITY;
  expect(screenedChoice(row([none, none], [2, 1]), screen)).toBeNull();
});

test('forbidden candidates are left out', () => {
  const none = Number.NEGATIVE_INFINITY;
  expect(screenedChoice(row([2, 1, none], [2, 1, 5]), screen)?.id).toBe(10);
});
