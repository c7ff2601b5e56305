/**
 * Measurements on the real page: thirty trials, the 95th percentile printed, never asserted, since a
 * busy machine is no fault of the program.
 */

const TRIALS = 30;

/** @param goal milliseconds, or another unit, in words @param trial gives one value */
export async function printTrials(
  what: string,
  goal: string,
  trial: (index: number) => Promise<number>,
): Promise<void> {
  const values: number[] = [];
  for (let index = 0; index < TRIALS; index += 1) values.push(await trial(index));
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(TRIALS * share) - 1] ?? Number.NaN).toFixed(1);
  printFigure(
    what,
    goal,
    `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${TRIALS} trials)`,
  );
}

export function printFigure(what: string, goal: string, figure: string): void {
  process.stdout.write(`measured: ${what}: ${figure}; goal ${goal}\n`);
}
