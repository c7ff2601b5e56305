import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logSumExpAbove } from './log-sum-exp.ts';

const logit = fc.float({ min: -200, max: 200, noNaN: true });

test('it agrees with the plain formula for any logits', () => {
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 1, maxLength: 300, noNaN: true, min: -200, max: 200 }),
      (values) => {
        const max = values.reduce((a, b) => Math.max(a, b));
        const exact = Math.log(values.reduce((sum, value) => sum + Math.exp(value - max), 0));
        expect(Math.abs(logSumExpAbove(values, max) - exact)).toBeLessThan(1e-8);
      },
    ),
  );
});

test('forbidden tokens add nothing and a single token is certain', () => {
  fc.assert(
    fc.property(logit, (value) => {
      const values = Float32Array.of(Number.NEGATIVE_INFINITY, value, Number.NEGATIVE_INFINITY);
      expect(logSumExpAbove(values, Math.fround(value))).toBe(0);
    }),
  );
});

test('a value that is no number is not hidden', () => {
  expect(logSumExpAbove(Float32Array.of(1, Number.NaN), 1)).toBeNaN();
});
