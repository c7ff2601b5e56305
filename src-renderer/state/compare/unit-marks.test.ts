import fc from 'fast-check';
import { expect, test } from 'vitest';
import { marksOf } from './unit-marks.ts';

test('words that only one side has are marked on that side', () => {
  const { left, right } = marksOf('the cat sat', 'the dog sat down', 'en');
  expect(left.filter(({ changed }) => changed).map(({ text }) => text)).toEqual(['cat']);
  expect(right.filter(({ changed }) => changed).map(({ text }) => text)).toEqual(['dog', 'down']);
});

test('the stretches of a side are its text, whatever the texts', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const { left, right } = marksOf(a, b, null);
      expect(left.map(({ text }) => text).join('')).toBe(a);
      expect(right.map(({ text }) => text).join('')).toBe(b);
      expect(
        [...left, ...right].filter(({ changed, text }) => changed && text !== text.trim()),
      ).toEqual([]);
      if (a === b) expect([...left, ...right].some(({ changed }) => changed)).toBe(false);
    }),
  );
});
