import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitOf } from '../test-data.ts';
import { mergedUnits, placeOf } from './merged-units.ts';

const indices = fc.uniqueArray(fc.nat(40));
const unitsOf = (list: readonly number[], text: string) =>
  list.map((index) => unitOf(index, { 0: text }));

test('units that were read replace those of before, each in its place', () => {
  fc.assert(
    fc.property(indices, indices, (before, read) => {
      const units = unitsOf(
        before.toSorted((a, b) => a - b),
        'before',
      );
      const merged = mergedUnits(units, unitsOf(read, 'read'));
      const expected = new Map(before.map((index) => [index, 'before']));
      for (const index of read) expected.set(index, 'read');
      expect(merged.map(({ index, text }) => [index, text])).toEqual(
        [...expected].toSorted(([a], [b]) => a - b),
      );
    }),
  );
});

test('the place of a unit is found, whatever is missing before it', () => {
  fc.assert(
    fc.property(indices, fc.nat(45), (list, wanted) => {
      const units = unitsOf(
        list.toSorted((a, b) => a - b),
        '',
      );
      expect(placeOf(units, wanted)).toBe(list.filter((index) => index < wanted).length);
    }),
  );
});
