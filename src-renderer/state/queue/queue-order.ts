/** Which jobs people see in the queue, and where one goes when it is moved. */

import type { Job, JobState } from '../../../src-main/contract/jobs.ts';

export type Step = 'first' | 'up' | 'down';

/** Jobs that people asked for. More α for single units is what the strength slider asks for. */
export function isForPeople({ work }: Job): boolean {
  return work.kind === 'whole' || work.units === null;
}

export function isActive({ state }: Job): boolean {
  return state === 'running' || state === 'waiting';
}

/** Nothing is left to do for anybody: what failed is not among them. */
export function isFinished({ state }: Job): boolean {
  return state === 'done' || state === 'cancelled';
}

/** The settings of a run hold from its first unit on. */
export function canEdit({ state, work, segments }: Job): boolean {
  return state === 'waiting' && work.kind === 'whole' && segments === 0;
}

export interface Place {
  /** The waiting job that shall follow; null for the end. */
  readonly before: string | null;
}

/**
 * @param jobs by position
 * @returns null where the job does not wait, or is there already
 */
export function placeOf(jobs: readonly Job[], jobId: string, step: Step): Place | null {
  // More α for a run goes first anyway, wherever it stands.
  const waiting = jobs.filter(({ state, work }) => state === 'waiting' && work.kind === 'whole');
  const at = waiting.findIndex(({ id }) => id === jobId);
  if (at === -1 || (step === 'down' ? at === waiting.length - 1 : at === 0)) return null;
  const next = { first: waiting[0], up: waiting[at - 1], down: waiting[at + 2] }[step];
  return { before: next?.id ?? null };
}

/** What is to be done and what failed before what has ended, the newest of which comes first. */
const RANKS: Readonly<Record<JobState, number>> = {
  running: 0,
  waiting: 1,
  failed: 2,
  cancelled: 3,
  done: 3,
};

/** Jobs that have ended are in the history; of thousands nobody looks through a list. */
const MOST_FINISHED = 50;

/** @param jobs by position @returns those for people, in the order in which they are shown */
export function shownJobs(jobs: readonly Job[]): readonly Job[] {
  let finished = 0;
  return jobs
    .filter(isForPeople)
    .toSorted(
      (a, b) => RANKS[a.state] - RANKS[b.state] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0),
    )
    .filter((job) => {
      if (isFinished(job)) finished += 1;
      return finished <= MOST_FINISHED;
    });
}

export function byPosition(a: Job, b: Job): number {
  return a.position - b.position;
}
