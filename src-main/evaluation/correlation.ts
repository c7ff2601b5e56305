/** How well predicted scores follow measured ones. */

import { VeerError } from '../contract/errors.ts';

/**
 * Pearson's correlation coefficient, from −1 to 1. NaN with fewer than two pairs or where one side
 * is constant, because it is then not defined.
 *
 * @throws VeerError OPTION_INVALID where the lengths differ.
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length) {
    throw new VeerError('OPTION_INVALID', `${x.length} values cannot be paired with ${y.length}.`);
  }
  const meanX = mean(x);
  const meanY = mean(y);
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const dx = (x[i] ?? 0) - meanX;
    const dy = (y[i] ?? 0) - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  // Two roots, since the product of the squares may overflow. Rounding may pass 1 by a little.
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, where equal values share the mean of their
 * ranks. Range, NaN and errors as for Pearson's.
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return pearson(averageRanks(x), averageRanks(y));
}

function averageRanks(values: readonly number[]): number[] {
  const sorted = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end]?.value === sorted[start]?.value) end += 1;
    for (const { index } of sorted.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
