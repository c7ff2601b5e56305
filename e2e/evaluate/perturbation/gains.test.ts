import { expect, test } from 'vitest';
import { metricOf, type Scored } from '../metrics.ts';
import { gainOf, scoreOf } from './gains.ts';

const BOOTSTRAP = { seed: 1, resamples: 200 };
const REFERENCE = 'one two three four';
const scored = (text: string): Scored => ({ text, references: [REFERENCE] });
const RIGHT = scored(REFERENCE);
const HALF = scored('one two');
const WRONG = scored('five six seven eight');

test('fewer word errors are a gain, in points', () => {
  const wer = metricOf('wer');
  expect(scoreOf(wer, [HALF, RIGHT])).toBe(25);
  const [gain, low, high] = gainOf(wer, [[HALF, RIGHT]], [[RIGHT, RIGHT]], BOOTSTRAP);
  expect(gain).toBe(25);
  expect(low).toBeLessThanOrEqual(gain);
  expect(high).toBeGreaterThanOrEqual(gain);
});

test('more chrF is a gain', () => {
  const [gain] = gainOf(metricOf('chrf'), [[HALF]], [[RIGHT]], BOOTSTRAP);
  expect(gain).toBeGreaterThan(0);
  expect(gainOf(metricOf('chrf'), [[RIGHT]], [[HALF]], BOOTSTRAP)[0]).toBe(-gain);
});

test('of several lists the mean counts', () => {
  const wer = metricOf('wer');
  const twice = [[HALF], [HALF]];
  expect(gainOf(wer, twice, [[RIGHT], [WRONG]], BOOTSTRAP)[0]).toBe(0);
  expect(gainOf(wer, twice, [[RIGHT], [HALF]], BOOTSTRAP)[0]).toBe(25);
});

test('equal texts gain exactly nothing', () => {
  expect(gainOf(metricOf('wer'), [[HALF, WRONG]], [[HALF, WRONG]], BOOTSTRAP)).toEqual([0, 0, 0]);
});
