import { expect, test } from 'vitest';
import { nearestStop, stopOf, stopsAround, USUAL_ALPHA } from './strength-stops.ts';

test('the stops are half, once, twice and three times the suggestion, and off', () => {
  expect(stopsAround(0.6)).toEqual([
    { name: 'off', alpha: 0 },
    { name: 'low', alpha: 0.3 },
    { name: 'suggested', alpha: 0.6 },
    { name: 'high', alpha: 1.2 },
    { name: 'max', alpha: 1.8 },
  ]);
});

test.each([null, 0])('without a suggestion (%s) the stops stand around the usual α', (none) => {
  expect(stopsAround(none)).toEqual(stopsAround(USUAL_ALPHA));
});

test('an α between the stops is no stop, and the slider stands at the nearest one', () => {
  const stops = stopsAround(0.5);
  expect(stopOf(stops, 0.3)).toBeNull();
  expect(stopOf(stops, 1)?.name).toBe('high');
  expect([0.3, 0.4, -1, 99].map((alpha) => nearestStop(stops, alpha))).toEqual([1, 2, 0, 4]);
});
