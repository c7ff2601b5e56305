import { describe, expect, it } from 'vitest';
import { pearson, spearman } from './correlation.ts';
import { statistics } from './test-reference-values.ts';

describe('correlations', () => {
  it('equal those of NumPy, ties included', () => {
    expect(statistics.correlations.length).toBeGreaterThanOrEqual(60);
    for (const reference of statistics.correlations) {
      expect(pearson(reference.x, reference.y)).toBeCloseTo(reference.pearson, 6);
      expect(spearman(reference.x, reference.y)).toBeCloseTo(reference.spearman, 12);
    }
  });

  it('are 1 for the same order and −1 for the opposite', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [1, 10, 100])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [5, 0, -7])).toBeCloseTo(-1, 12);
  });

  it('are not a number where they are not defined', () => {
    expect(pearson([], [])).toBeNaN();
    expect(pearson([1], [2])).toBeNaN();
    expect(spearman([1, 2, 3], [4, 4, 4])).toBeNaN();
  });

  it('refuse lists that cannot be paired', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    expect(() => pearson([1, 2], [1])).toThrow(invalid);
    expect(() => spearman([1, 2], [1])).toThrow(invalid);
  });
});
