import { expect, test } from 'vitest';
import { NO_TIMINGS } from '../../../src-main/contract/result.ts';
import { saidTime, secondsFor } from './time-estimate.ts';

const PAST = {
  timings: { ...NO_TIMINGS, encode: 10_000, decode: 6_000, proxy: 2_000 },
  units: 10,
  variants: 20,
  encoderOutputsStored: true,
};

test('a version takes what decoding and the proxy took for one', () => {
  expect(secondsFor(100, PAST)).toBe(40);
});

test('encoding is added while it is not known that the outputs are stored', () => {
  expect(secondsFor(100, { ...PAST, encoderOutputsStored: false })).toBe(140);
});

test('before a job of the run has ended nothing is promised', () => {
  expect(secondsFor(100, { ...PAST, timings: null })).toBeNull();
  expect(secondsFor(100, { ...PAST, variants: 0 })).toBeNull();
});

test.each([
  [0.2, 'seconds', 5],
  [41, 'seconds', 45],
  [55, 'minutes', 1],
  [200, 'minutes', 3],
  [3569, 'minutes', 59],
  [3600, 'hours', 1],
  [9000, 'hours', 2.5],
])('%s seconds are said in %s: %s', (seconds, unit, count) => {
  expect(saidTime(seconds)).toEqual({ unit, count });
});
