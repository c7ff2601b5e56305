import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timingRows } from './run-timings.ts';

const amount = fc.nat(100_000);

test('stages and the rest make the total, unless stages overlap', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, amount, amount, (a, b, c, d, e, total) => {
      const parts = { read: a, features: b, encode: c, proxy: d, decode: e };
      const rows = timingRows({ ...parts, total, load: 7 });
      const [stages, rest] = [a + b + c + d + e, rows.find(({ stage }) => stage === 'rest')];
      expect(rest?.milliseconds).toBe(Math.max(0, total - stages));
      for (const { milliseconds, share } of rows) {
        if (share !== null && total > 0) expect(share * total).toBeCloseTo(milliseconds);
      }
    }),
  );
});

test('loading is no part of the total', () => {
  const nothing = { read: 0, features: 0, encode: 0, proxy: 0, decode: 0, total: 0 };
  expect(timingRows({ ...nothing, load: 500 }).at(-1)).toEqual({
    stage: 'load',
    milliseconds: 500,
    share: null,
  });
});
