/** Sums of per-sentence statistics, from which corpus metrics are computed. */

/** Adds vectors of one length element by element. An empty list has no length: `width` gives it. */
export function sumStatistics(list: readonly (readonly number[])[], width: number): number[] {
  const sum = new Array<number>(width).fill(0);
  for (const statistics of list) {
    for (let i = 0; i < width; i += 1) sum[i] = (sum[i] ?? 0) + (statistics[i] ?? 0);
  }
  return sum;
}
