import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adamWStep, clipGradient, newAdamWState } from './adamw.ts';
import { REFERENCE } from './test-training-reference.ts';

test('twenty steps are those of PyTorch', () => {
  const { start, gradients, rates, after, weightDecay } = REFERENCE.adamw;
  const weights = Float32Array.from(start);
  const state = newAdamWState(weights.length);
  expect(after).toHaveLength(20);
  for (const [step, expected] of after.entries()) {
    const gradient = Float32Array.from(gradients[step] ?? []);
    adamWStep(weights, gradient, state, rates[step] ?? 0, { weightDecay });
    for (const [i, value] of expected.entries()) {
      expect(Math.abs((weights[i] ?? Number.NaN) - value)).toBeLessThan(1e-6);
    }
  }
});

test('a gradient keeps its direction and is at most as long as allowed', () => {
  const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (list) => {
      const gradient = Float32Array.from(list);
      const norm = clipGradient(gradient, 1);
      const length = Math.hypot(...gradient);
      expect(length).toBeLessThanOrEqual(1 + 1e-5);
      if (norm <= 1) expect(gradient).toEqual(Float32Array.from(list));
      else
        gradient.forEach((value, i) => {
          expect(value * norm).toBeCloseTo(list[i] ?? Number.NaN, 2);
        });
    }),
  );
});
