import { expect, test } from 'vitest';
import { sentenceChrf } from './chrf.ts';
import { minimumBayesRisk } from './minimum-bayes-risk.ts';

const equal = (a: string, b: string) => (a === b ? 1 : 0);

test('the only candidate is chosen', () => {
  expect(minimumBayesRisk(['one'], equal)).toBe(0);
});

test('the majority is chosen, and the first of equals', () => {
  expect(minimumBayesRisk(['a', 'b', 'b'], equal)).toBe(1);
  expect(minimumBayesRisk(['a', 'b', 'a', 'b'], equal)).toBe(0);
  expect(minimumBayesRisk(['a', 'b', 'c'], equal)).toBe(0);
});

test('without a majority the text in the middle of the others is chosen', () => {
  const texts = ['the dog ran off', 'the dog ran away', 'a dog runs away'];
  const chrf = (hypothesis: string, reference: string) => sentenceChrf(hypothesis, [reference]);
  expect(minimumBayesRisk(texts, chrf)).toBe(1);
});

test('the utility reads hypothesis and reference in this order', () => {
  const covers = (hypothesis: string, reference: string) =>
    reference.includes(hypothesis) ? 1 : 0;
  expect(minimumBayesRisk(['abc', 'b', 'bcd'], covers)).toBe(1);
});
