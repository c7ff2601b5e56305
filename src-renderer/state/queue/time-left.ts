/**
 * How long a job still takes, from the moments at which its progress was heard of. What is shown
 * never grows: a guess that was too good stands until the job has caught up with it.
 */

/** Amounts are in the unit of the job, lengths of time in milliseconds. */
export interface TimeLeft {
  /** Null until enough is known. */
  readonly shown: number | null;
  /** Amount that was done when the measuring began. */
  readonly from: number | null;
  /** What was done since then, and the time that it took without the time in which the job rested. */
  readonly gained: number;
  readonly spent: number;
  /** Amount per millisecond, of late; null before there was any. */
  readonly rate: number | null;
  /** The newest sight of it; null while the job rests. */
  readonly last: { readonly at: number; readonly done: number } | null;
}

export const UNKNOWN_TIME: TimeLeft = {
  shown: null,
  from: null,
  gained: 0,
  spent: 0,
  rate: null,
  last: null,
};

/** Share of the work, and time, that must have been seen before a guess is shown: it will stand. */
const ENOUGH = 0.05;
const ENOUGH_TIME = 5000;
/** Time over which the rate is smoothed. */
const SMOOTHING = 20_000;

/**
 * @param total null while it is not known
 * @param at milliseconds on a clock that never goes back
 */
export function progressed(
  before: TimeLeft,
  done: number,
  total: number | null,
  at: number,
): TimeLeft {
  const last = { at, done };
  const from = before.from ?? done;
  if (before.last === null) return { ...before, from, last };
  const passed = at - before.last.at;
  const more = done - before.last.done;
  // Without time or work between them, two sights tell nothing: the next one will.
  if (passed <= 0 || more <= 0) return before;
  const gained = before.gained + more;
  const spent = before.spent + passed;
  const rate = smoothed(before.rate, more / passed, passed);
  const measured: TimeLeft = { ...before, from, gained, spent, rate, last };
  const tooEarly = spent < ENOUGH_TIME || total === null || done < ENOUGH * total;
  if (tooEarly || gained < ENOUGH * (total - from)) return measured;
  // The slower of the two speeds: better a promise that is kept early than one that is not.
  const guess = Math.max(0, total - done) / Math.min(rate, gained / spent);
  // So slow that the numbers end: no guess is better than one of infinity.
  if (!Number.isFinite(guess)) return measured;
  return { ...measured, shown: Math.min(before.shown ?? guess, guess) };
}

/** The job waits again, with others before it: the time until it goes on says nothing of its speed. */
export function rested(before: TimeLeft): TimeLeft {
  return { ...before, last: null };
}

/** @param milliseconds from 0 up @returns whole minutes, rounded up; 0 is less than one */
export function minutesLeft(milliseconds: number): number {
  return milliseconds < 60_000 ? 0 : Math.ceil(milliseconds / 60_000);
}

function smoothed(before: number | null, now: number, passed: number): number {
  if (before === null) return now;
  const weight = 1 - Math.exp(-passed / SMOOTHING);
  return before + weight * (now - before);
}
