import { expect, test } from 'vitest';
import { directionOf, EXAMPLE_METRICS, gainMetricOf } from './example-metric.ts';

const points = (metric: keyof typeof EXAMPLE_METRICS, pairs: readonly [string, string][]) => {
  const { statistics, points: of } = EXAMPLE_METRICS[metric];
  const rows = pairs.map(([text, reference]) => statistics(text, [reference]));
  return of((rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0)));
};

test('error rates are of words without case and punctuation, at most 1, of the nearest reference', () => {
  const { wer, cer } = EXAMPLE_METRICS;
  expect(wer.score('One two.', ['one two', 'three'])).toBe(0);
  expect(wer.score('a b c d', ['x'])).toBe(1);
  expect(wer.score('one three', ['five', 'one two'])).toBe(0.5);
  expect(cer.score('abd', ['abc'])).toBeCloseTo(1 / 3, 9);
});

test('points are those of the whole set, higher where it is better', () => {
  expect(
    points('wer', [
      ['a', 'a'],
      ['x y z', 'a b c'],
    ]),
  ).toBe(-75);
  expect(
    points('chrf', [
      ['same', 'same'],
      ['xyz', 'abc'],
    ]),
  ).toBe(50);
  expect(points('bleu', [['a b c d e', 'a b c d e']])).toBeCloseTo(100, 6);
});

test('a gain is counted in the predicted metric, or in the usual one of the task', () => {
  expect(gainMetricOf('bleu', 'translation')).toBe('bleu');
  expect(gainMetricOf('log-probability', 'asr')).toBe('wer');
  expect(gainMetricOf('score', 'translation')).toBe('chrf');
  expect(directionOf('cer', 'higher-is-better')).toBe('lower-is-better');
  expect(directionOf('score', 'lower-is-better')).toBe('lower-is-better');
  expect(directionOf('log-probability', 'lower-is-better')).toBe('higher-is-better');
});
