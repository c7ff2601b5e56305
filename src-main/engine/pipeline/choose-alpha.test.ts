import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestAlpha } from './choose-alpha.ts';

test('the α with the most evidence is chosen; of equals the smallest step', () => {
  expect(bestAlpha([0, 0.1, 0.2], [-1, -0.5, -0.7])).toBe(0.1);
  expect(bestAlpha([0.2, 0.1, 0], [-1, -1, -1])).toBe(0);
  expect(bestAlpha([-0.1, 0.1], [-1, -1])).toBe(0.1);
  expect(bestAlpha([0, 0.1], [-1, -1 + 1e-9])).toBe(0);
});

test('an output without a number is never chosen where there is another', () => {
  expect(bestAlpha([0, 9], [-3, Number.NaN])).toBe(0);
  expect(bestAlpha([9, 0], [Number.NaN, Number.NaN])).toBe(0);
});

test('more evidence for one α never turns the choice away from it', () => {
  const entry = fc.record({
    alpha: fc.nat(50),
    evidence: fc.double({ min: -9, max: 0, noNaN: true }),
  });
  const entries = fc.uniqueArray(entry, {
    selector: ({ alpha }) => alpha,
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(entries, fc.double({ min: 0.01, max: 5, noNaN: true }), (list, more) => {
      const alphas = list.map(({ alpha }) => alpha);
      const evidence = list.map((one) => one.evidence);
      const chosen = bestAlpha(alphas, evidence);
      const at = alphas.indexOf(chosen);
      expect(bestAlpha(alphas, evidence.with(at, (evidence[at] ?? 0) + more))).toBe(chosen);
    }),
  );
});
