import { expect, test } from 'vitest';
import { nearestStop, stopOf, stopsAround, USUAL_ALPHA } from './strength-stops.ts';

test('the stops are half, once, twice and four times the suggestion, and off', () => {
  expect(stopsAround(0.05)).toEqual([
    { name: 'off', alpha: 0 },
    { name: 'low', alpha: 0.025 },
    { name: 'suggested', alpha: 0.05 },
    { name: 'high', alpha: 0.1 },
    { name: 'max', alpha: 0.2 },
  ]);
});

test.each([null, 0])('without a suggestion (%s) the stops stand around the usual α', (none) => {
  expect(stopsAround(none)).toEqual(stopsAround(USUAL_ALPHA));
});

test('an α between the stops is no stop, and the slider stands at the nearest one', () => {
  const stops = stopsAround(0.05);
  expect(stopOf(stops, 0.03)).toBeNull();
  expect(stopOf(stops, 0.1)?.name).toBe('high');
  expect([0.03, 0.04, -1, 99].map((alpha) => nearestStop(stops, alpha))).toEqual([1, 2, 0, 4]);
});
