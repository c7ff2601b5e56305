import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noise } from '../audio/test-signals.ts';
import { medianFiltered, warpedStarts } from './time-warping.ts';

fc.configureGlobal({ seed: 1 });

/** Without equal costs, between which the reference does not always take the lower. */
const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 7 }), fc.nat())
  .map(([rows, columns, seed]) => ({ rows, columns, costs: [...noise(rows * columns, seed)] }));

/** Lowest cost of a path whose rows begin at the given columns. */
function costOf(starts: readonly number[], costs: readonly number[], columns: number): number {
  const rows = starts.length;
  let best = Number.POSITIVE_INFINITY;
  const walk = (row: number, column: number, sum: number) => {
    const here = sum + (costs[row * columns + column] as number);
    if (row === rows - 1 && column === columns - 1) best = Math.min(best, here);
    if (column + 1 < columns) walk(row, column + 1, here);
    for (const next of [column, column + 1]) {
      if (row + 1 < rows && next < columns && starts[row + 1] === next) walk(row + 1, next, here);
    }
  };
  if (starts[0] === 0) walk(0, 0, 0);
  return best;
}

/** Lowest cost of all paths. */
function lowestCost(costs: readonly number[], rows: number, columns: number): number {
  const known = new Map<number, number>();
  const at = (row: number, column: number): number => {
    const key = row * columns + column;
    const before = [
      [row - 1, column - 1],
      [row - 1, column],
      [row, column - 1],
    ].flatMap(([r = -1, c = -1]) =>
      r < 0 || c < 0 ? [] : [known.get(r * columns + c) ?? at(r, c)],
    );
    const sum = (costs[key] as number) + (before.length === 0 ? 0 : Math.min(...before));
    known.set(key, sum);
    return sum;
  };
  return at(rows - 1, columns - 1);
}

test('the path has the lowest cost there is, and never goes back', () => {
  fc.assert(
    fc.property(matrix, ({ rows, columns, costs }) => {
      const starts = warpedStarts(Float64Array.from(costs), columns);
      expect(starts).toHaveLength(rows);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(costOf(starts, costs, columns)).toBeCloseTo(lowestCost(costs, rows, columns), 3);
    }),
  );
});

test('the median is that of the mirrored neighbourhood', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 4, maxLength: 20 }),
      (row) => {
        const values = Float32Array.from([...row, ...row.toReversed()]);
        const filtered = [...medianFiltered(values, row.length, 7)];
        const mirrored = (i: number) => {
          const place = Math.abs(i);
          return row[place < row.length ? place : 2 * row.length - 2 - place] as number;
        };
        const medians = row.map(
          (_, i) => [-3, -2, -1, 0, 1, 2, 3].map((d) => mirrored(i + d)).sort((a, b) => a - b)[3],
        );
        expect(filtered).toEqual([...medians, ...medians.toReversed()]);
      },
    ),
  );
});

test('rows shorter than the mirror needs stay as they are', () => {
  const values = Float32Array.of(3, 1, 2, 9, 8, 7);
  expect(medianFiltered(values, 3, 7)).toEqual(values);
});
