import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteRange } from './byte-range.ts';

test.each([
  ['bytes=0-99', { first: 0, last: 99 }],
  ['bytes=10-10', { first: 10, last: 10 }],
  ['bytes=990-', { first: 990, last: 999 }],
  ['bytes=990-5000', { first: 990, last: 999 }],
  ['bytes=-10', { first: 990, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
])('%s of 1000 bytes', (header, range) => {
  expect(byteRange(header, 1000)).toEqual(range);
});

test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('nothing of %s exists', (header) => {
  expect(byteRange(header, 1000)).toBe('unsatisfiable');
});

test.each([
  undefined,
  '',
  'bytes=-',
  'bytes=5-2',
  'bytes=0-1,3-4',
  'items=0-1',
  'bytes=a-b',
  'bytes=0x0-1',
  'bytes=99999999999999999999-',
])('%s is answered with all of it', (header) => {
  expect(byteRange(header, 1000)).toBe('all');
});

test('no part of an empty file exists', () => {
  expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(byteRange('bytes=-5', 0)).toBe('unsatisfiable');
});

test('a range lies in the file, whatever is asked for', () => {
  const end = fc.oneof(fc.constant(''), fc.nat().map(String));
  fc.assert(
    fc.property(end, end, fc.nat(10_000), (from, to, size) => {
      const range = byteRange(`bytes=${from}-${to}`, size);
      if (typeof range === 'string') return;
      expect(range.first).toBeGreaterThanOrEqual(0);
      expect(range.last).toBeGreaterThanOrEqual(range.first);
      expect(range.last).toBeLessThan(size);
    }),
  );
});
