/** Gains with their intervals, above zero where the output became better. */

import {
  pairedBootstrap,
  type SentenceStatistics,
} from '../../../src-main/evaluation/bootstrap.ts';
import { sumStatistics } from '../../../src-main/evaluation/statistics-sum.ts';
import type { Metric, Scored } from '../metrics.ts';
import type { Gain } from './results-file.ts';

export type Bootstrap = { readonly seed: number; readonly resamples: number };

/** More digits than any interval allows to read, few enough to compare files by eye. */
export function rounded(value: number): number {
  const short = Number(value.toFixed(3));
  // No minus zero, which JSON does not keep.
  return short === 0 ? 0 : short;
}

export function scoreOf({ score, statistics }: Metric, texts: readonly Scored[]): number {
  const all = statistics(texts);
  return rounded(score(sumStatistics(all, all[0]?.length ?? 0)));
}

/**
 * @param baseline texts of the same inputs as `candidate`
 * @param candidate one list, or several (of random directions), whose mean counts
 */
export function gainOf(
  metric: Metric,
  baseline: readonly (readonly Scored[])[],
  candidate: readonly (readonly Scored[])[],
  bootstrap: Bootstrap,
): Gain {
  const { difference, lower, upper } = pairedBootstrap(
    summed(metric, baseline),
    summed(metric, candidate),
    metric.score,
    bootstrap,
  );
  return metric.betterWhen === 'higher-is-better'
    ? [rounded(difference), rounded(lower), rounded(upper)]
    : [rounded(-difference), rounded(-upper), rounded(-lower)];
}

/** Both metrics are ratios of sums, so the sum of several lists scores their mean. */
function summed(metric: Metric, lists: readonly (readonly Scored[])[]): SentenceStatistics {
  const [first = [], ...others] = lists.map((list) => metric.statistics(list));
  return first.map((row, i) =>
    row.map((value, k) => value + others.reduce((sum, list) => sum + (list[i]?.[k] ?? 0), 0)),
  );
}
