/**
 * Bootstrap (Efron and Tibshirani 1993; for translation Koehn 2004): how sure is a score on a test
 * set, or the difference of two systems there? Sentences are drawn with replacement, the same ones
 * for both systems, and the metric is computed from the summed statistics of the draw; so it works
 * for means as well as for metrics of a corpus.
 */

import { VeerError } from '../contract/errors.ts';
import { Random } from './random.ts';
import { sumStatistics } from './statistics-sum.ts';

/** Statistics of every sentence, all of one length: meanStatistics, errorStatistics, chrfStatistics… */
export type SentenceStatistics = readonly (readonly number[])[];

export type BootstrapOptions = {
  /** Whole number from 0 to 2^32 − 1. The same seed gives the same interval. */
  readonly seed: number;
  /** Number of draws, at least 1. Default 10 000, which settles the second digit of the bounds. */
  readonly resamples?: number;
  /** Share of draws inside the interval, in (0, 1). Default 0.95. */
  readonly confidence?: number;
};

export type BootstrapInterval = {
  /** score(candidate) − score(baseline) on the whole test set, in the unit of the score. */
  readonly difference: number;
  /** Percentile interval of the difference. Where 0 is outside, the difference is significant. */
  readonly lower: number;
  readonly upper: number;
};

/**
 * Interval of score(candidate) − score(baseline).
 *
 * @param score metric from summed statistics: ratioOfSums, chrfFromStatistics, bleuFromStatistics
 * @throws VeerError OPTION_INVALID where there are no sentences, their numbers differ, or an
 *   option is out of range.
 */
export function pairedBootstrap(
  baseline: SentenceStatistics,
  candidate: SentenceStatistics,
  score: (statistics: readonly number[]) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const width = widthOf(baseline);
  check(
    baseline.length === candidate.length,
    `${baseline.length} sentences cannot be paired with ${candidate.length}.`,
  );
  check(widthOf(candidate) === width, EQUAL_WIDTHS);
  const before = new Float64Array(baseline.flat());
  const after = new Float64Array(candidate.flat());
  const bounds = percentiles(
    baseline.length,
    (drawn) => score(sumRows(after, drawn, width)) - score(sumRows(before, drawn, width)),
    options,
  );
  return {
    difference: score(sumStatistics(candidate, width)) - score(sumStatistics(baseline, width)),
    ...bounds,
  };
}

export type ScoreInterval = {
  /** On the whole test set. */
  readonly score: number;
  /** Percentile interval of the score. */
  readonly lower: number;
  readonly upper: number;
};

/**
 * Interval of the score of one system.
 *
 * @param score as for pairedBootstrap
 * @throws VeerError OPTION_INVALID where there are no sentences or an option is out of range.
 */
export function bootstrapScore(
  sentences: SentenceStatistics,
  score: (statistics: readonly number[]) => number,
  options: BootstrapOptions,
): ScoreInterval {
  const width = widthOf(sentences);
  const values = new Float64Array(sentences.flat());
  const bounds = percentiles(
    sentences.length,
    (drawn) => score(sumRows(values, drawn, width)),
    options,
  );
  return { score: score(sumStatistics(sentences, width)), ...bounds };
}

/** Statistics of a metric whose corpus value is the mean over sentences; score: ratioOfSums. */
export function meanStatistics(values: readonly number[]): SentenceStatistics {
  return values.map((value) => [value, 1]);
}

/** First sum over second sum; a second sum below 1 counts as 1, as for errorRate in wer.ts. */
export function ratioOfSums(statistics: readonly number[]): number {
  const [numerator = 0, denominator = 0] = statistics;
  return numerator / Math.max(1, denominator);
}

/** Quantile with linear interpolation between sorted values (NumPy's default, type 7 of R). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}

/** Bounds of what `value` gives for many draws of `size` sentences. */
function percentiles(
  size: number,
  value: (drawn: Uint32Array) => number,
  options: BootstrapOptions,
): { readonly lower: number; readonly upper: number } {
  const { resamples = 10_000, confidence = 0.95 } = options;
  check(Number.isInteger(resamples) && resamples > 0, `resamples must be ≥ 1, not ${resamples}.`);
  check(confidence > 0 && confidence < 1, `confidence must be in (0, 1), not ${confidence}.`);
  const random = new Random(options.seed);
  const drawn = new Uint32Array(size);
  const values = new Float64Array(resamples);
  for (let i = 0; i < resamples; i += 1) {
    for (let k = 0; k < size; k += 1) drawn[k] = random.integer(size);
    values[i] = value(drawn);
  }
  values.sort();
  const outside = (1 - confidence) / 2;
  return { lower: quantile(values, outside), upper: quantile(values, 1 - outside) };
}

const EQUAL_WIDTHS = 'All sentences need the same number of statistics.';

/** Number of statistics per sentence. @throws VeerError OPTION_INVALID where there is none */
function widthOf(sentences: SentenceStatistics): number {
  check(sentences.length > 0, 'The bootstrap needs at least one sentence.');
  const width = sentences[0]?.length ?? 0;
  check(
    sentences.every((statistics) => statistics.length === width),
    EQUAL_WIDTHS,
  );
  return width;
}

function sumRows(values: Float64Array, rows: Uint32Array, width: number): number[] {
  const sum = new Array<number>(width).fill(0);
  for (const row of rows) {
    for (let i = 0; i < width; i += 1) sum[i] = (sum[i] ?? 0) + (values[row * width + i] ?? 0);
  }
  return sum;
}

function check(valid: boolean, message: string): void {
  if (!valid) throw new VeerError('OPTION_INVALID', message);
}
