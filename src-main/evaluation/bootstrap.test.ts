import { describe, expect, it } from 'vitest';
import {
  bootstrapScore,
  meanStatistics,
  pairedBootstrap,
  quantile,
  ratioOfSums,
} from './bootstrap.ts';
import { chrfFromStatistics, chrfStatistics, corpusChrf } from './chrf.ts';
import { Random } from './random.ts';
import { statistics } from './test-reference-values.ts';
import { errorRate, errorStatistics, sumEdits, wordErrors } from './wer.ts';

const normals = (random: Random, count: number, shift: number) =>
  Array.from({ length: count }, () => random.normal() + shift);

describe('quantiles', () => {
  it('equal those of NumPy', () => {
    expect(statistics.quantiles.length).toBeGreaterThanOrEqual(60);
    for (const { values, share, quantile: expected } of statistics.quantiles) {
      expect(quantile(Float64Array.from(values).sort(), share)).toBeCloseTo(expected, 12);
    }
  });
});

describe('the bootstrap of one score', () => {
  it('agrees with the normal approximation for a mean', () => {
    const values = normals(new Random(10), 400, 2);
    const { score, lower, upper } = bootstrapScore(meanStatistics(values), ratioOfSums, {
      seed: 1,
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400;
    const half = 1.96 * Math.sqrt(variance / 400);
    expect(score).toBeCloseTo(mean, 12);
    expect(Math.abs(lower - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(upper - (mean + half))).toBeLessThan(0.1 * half);
  });

  it('is what the paired one gives against zeros', () => {
    const values = meanStatistics(normals(new Random(15), 50, 1));
    const zeros = meanStatistics(new Array<number>(50).fill(0));
    const options = { seed: 4, resamples: 300 };
    const { score, lower, upper } = bootstrapScore(values, ratioOfSums, options);
    expect(pairedBootstrap(zeros, values, ratioOfSums, options)).toEqual({
      difference: score,
      lower,
      upper,
    });
  });

  it('needs a sentence', () => {
    expect(() => bootstrapScore([], ratioOfSums, { seed: 1 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('paired bootstrap', () => {
  it('of means agrees with the normal approximation', () => {
    const random = new Random(11);
    const before = normals(random, 400, 0);
    const after = before.map((value) => value + 0.1 + 0.5 * random.normal());
    const interval = pairedBootstrap(meanStatistics(before), meanStatistics(after), ratioOfSums, {
      seed: 1,
    });
    const gains = after.map((value, i) => value - (before[i] ?? 0));
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / 400;
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / 400;
    const half = 1.96 * Math.sqrt(variance / 400);
    expect(interval.difference).toBeCloseTo(mean, 12);
    expect(Math.abs(interval.lower - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(interval.upper - (mean + half))).toBeLessThan(0.1 * half);
  });

  it('covers the true difference about as often as it says', () => {
    const random = new Random(12);
    let covered = 0;
    for (let i = 0; i < 300; i += 1) {
      const zeros = meanStatistics(new Array<number>(50).fill(0));
      const { lower, upper } = pairedBootstrap(
        zeros,
        meanStatistics(normals(random, 50, 0.3)),
        ratioOfSums,
        { seed: i, resamples: 400 },
      );
      if (lower <= 0.3 && 0.3 <= upper) covered += 1;
    }
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.985);
  });

  it('of corpus WER starts from the rates of the summed counts', () => {
    const references = ['a b c d e f', 'a b', 'c d e'];
    const score = (texts: readonly string[]) =>
      references.map((text, i) => wordErrors(text, texts[i] ?? ''));
    const before = score(['a b c d e x', 'x y', 'c d']);
    const after = score(['a b c d e f', 'x b', 'c d']);
    const { difference, lower, upper } = pairedBootstrap(
      before.map(errorStatistics),
      after.map(errorStatistics),
      ratioOfSums,
      { seed: 2, resamples: 500 },
    );
    expect(difference).toBe(errorRate(sumEdits(after)) - errorRate(sumEdits(before)));
    expect(lower).toBeLessThanOrEqual(difference);
    expect(upper).toBe(0);
  });

  it('works for corpus chrF', () => {
    const references = [['the cat'], ['a dog'], ['two birds']];
    const systems = [
      ['the bat', 'a fog', 'two words'],
      ['the cat', 'a dog', 'two birds'],
    ].map((texts) => texts.map((text, i) => chrfStatistics(text, references[i] ?? [])));
    const options = { seed: 3, resamples: 200 };
    const interval = pairedBootstrap(
      systems[0] ?? [],
      systems[1] ?? [],
      chrfFromStatistics,
      options,
    );
    const baseline = corpusChrf(['the bat', 'a fog', 'two words'], references);
    expect(interval.difference).toBeCloseTo(100 - baseline, 9);
    expect(interval.lower).toBeGreaterThan(0);
  });

  it('repeats with the seed, and is exactly 0 for equal systems', () => {
    const values = meanStatistics(normals(new Random(13), 30, 0));
    const other = meanStatistics(normals(new Random(14), 30, 0));
    const run = (seed: number) =>
      pairedBootstrap(values, other, ratioOfSums, { seed, resamples: 100 });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(pairedBootstrap(values, values, ratioOfSums, { seed: 1 })).toEqual({
      difference: 0,
      lower: 0,
      upper: 0,
    });
  });

  it('refuses what it cannot compute', () => {
    const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
    const one = meanStatistics([1]);
    const run = (
      before: readonly (readonly number[])[],
      after: readonly (readonly number[])[],
      options: object = {},
    ) => pairedBootstrap(before, after, ratioOfSums, { seed: 1, ...options });
    expect(() => run([], [])).toThrow(invalid);
    expect(() => run(one, meanStatistics([1, 2]))).toThrow(invalid);
    expect(() => run(one, [[1, 2, 3]])).toThrow(invalid);
    expect(() => run(one, one, { resamples: 0 })).toThrow(invalid);
    expect(() => run(one, one, { confidence: 1 })).toThrow(invalid);
    expect(() => run(one, one, { seed: -1 })).toThrow(invalid);
  });
});
