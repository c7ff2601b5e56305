/** Which part of a recording a waveform shows. Seconds. */

export interface PeaksWindow {
  readonly from: number;
  readonly to: number;
}

const LENGTHS = [600, 120, 30, 8] as const;
/** Of the lengths, what is shown at first. */
const FIRST_LENGTH = 120;
/** A recording that is hardly longer than a window is shown as a whole instead. */
const WORTH_CUTTING = 1.5;
/** Share of the window that lies before the moment when a new window is shown. */
const BEFORE = 0.1;

/** Seconds that are no difference. */
const ROUNDING = 1e-6;

/** From the whole recording to the shortest window; at least one. */
export function windowLengths(duration: number): readonly number[] {
  return [duration, ...LENGTHS.filter((length) => length * WORTH_CUTTING <= duration)];
}

/** The place in `windowLengths` that a recording is opened with. */
export function firstZoom(duration: number): number {
  return Math.max(0, windowLengths(duration).indexOf(FIRST_LENGTH));
}

/**
 * The window with a moment in it: the one of before where that does, so that it stands still while
 * something is played, and else a new one.
 */
export function windowAt(
  time: number,
  length: number,
  duration: number,
  before: PeaksWindow | null,
): PeaksWindow {
  const zoomed = before !== null && !sameLength(before, length);
  // A browser may take a recording to be a little longer.
  const moment = Math.min(time, duration);
  if (before !== null && !zoomed && moment >= before.from && moment <= before.to + ROUNDING) {
    return before;
  }
  const wanted = moment - length * (zoomed ? 0.5 : BEFORE);
  const from = Math.max(0, Math.min(wanted, duration - length));
  return { from, to: from + length };
}

function sameLength({ from, to }: PeaksWindow, length: number): boolean {
  return Math.abs(to - from - length) < ROUNDING;
}
