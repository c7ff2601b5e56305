import { expect, test } from 'vitest';
import { saidScore } from './said-score.ts';

test('an error rate is a percentage, chrF is not, each in the way of the language', () => {
  expect(saidScore(0.3333, 'wer', 'en')).toBe('33.3%');
  expect(saidScore(0.3333, 'wer', 'de')).toBe('33,3\u00a0%');
  expect(saidScore(0.1249, 'cer', 'en')).toBe('12.5%');
  expect(saidScore(66.94, 'chrf', 'de')).toBe('66,9');
  expect(saidScore(-0.4567, 'log-probability', 'en')).toBe('-0.46');
});
