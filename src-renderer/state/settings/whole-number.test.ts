import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWholeNumber } from './whole-number.ts';

const BOUNDS = { least: 1, most: 3650 };

test('every number within the bounds is taken, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3650 }), (value) => {
      expect(parseWholeNumber(` ${value} `, BOUNDS)).toEqual({ state: 'good', value });
    }),
  );
});

test.each(['', ' ', '1.5', '1,5', '-1', '1e3', '٣', 'ten', '0x10'])('%j is no number', (text) => {
  expect(parseWholeNumber(text, BOUNDS).state).toBe('no-number');
});

test.each(['0', '3651', '99999999999999999999'])('%s is out of bounds', (text) => {
  expect(parseWholeNumber(text, BOUNDS).state).toBe('out-of-bounds');
});
