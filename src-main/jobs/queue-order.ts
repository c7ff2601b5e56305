/** Who is next, and where a job stands in the list. */

import type { Job } from '../contract/jobs.ts';

/** More α for something that is on the screen goes before whole files. */
export function isUrgent(job: Job): boolean {
  return job.work.kind === 'variants';
}

/** @param jobs by position */
export function nextJob(jobs: readonly Job[]): Job | null {
  const waiting = jobs.filter(({ state }) => state === 'waiting');
  return waiting.find(isUrgent) ?? waiting[0] ?? null;
}

/** A new position of a job, and of others where there was no room. */
export type Placement = readonly { readonly jobId: string; readonly position: number }[];

/**
 * @param jobs by position
 * @param before the job that shall follow, or null for the end
 */
export function placementBefore(
  jobs: readonly Job[],
  jobId: string,
  before: string | null,
): Placement {
  const others = jobs.filter(({ id }) => id !== jobId);
  const at = before === null ? others.length : others.findIndex(({ id }) => id === before);
  const low = others[at - 1]?.position;
  const high = others[at]?.position;
  const position = between(low, high);
  if (position !== null) return [{ jobId, position }];
  // Halving has used up the numbers between the two: everybody gets a new one.
  const order = others.map(({ id }) => id);
  order.splice(at, 0, jobId);
  return order.map((id, i) => ({ jobId: id, position: i + 1 }));
}

function between(low: number | undefined, high: number | undefined): number | null {
  if (low === undefined) return high === undefined ? 1 : high - 1;
  if (high === undefined) return low + 1;
  const middle = low + (high - low) / 2;
  return middle > low && middle < high ? middle : null;
}
