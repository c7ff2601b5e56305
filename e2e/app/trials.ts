/**
 * Measurements on the real page: thirty trials, the 95th percentile printed, never asserted, since a
 * busy machine is no fault of the program.
 */

export const TRIALS = 30;

/** @param trial gives milliseconds */
export async function printTrials(
  what: string,
  goal: string,
  trial: (index: number) => Promise<number>,
): Promise<void> {
  const values: number[] = [];
  for (let index = 0; index < TRIALS; index += 1) values.push(await trial(index));
  printTimes(what, goal, values);
}

/** @param values milliseconds */
export function printTimes(what: string, goal: string, values: readonly number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    `${(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(1)} ms`;
  printFigure(
    what,
    goal,
    `p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)} (${sorted.length} trials)`,
  );
}

export function printFigure(what: string, goal: string, figure: string): void {
  process.stdout.write(`measured: ${what}: ${figure}; goal: ${goal}\n`);
}
