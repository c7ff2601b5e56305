/** How gains are written. */

import type { Gain } from './results-file.ts';

/** "+0.52 [+0.10, +0.93]", or nothing where it was not measured. */
export function gainCell(gain: Gain | null): string {
  return gain === null ? '' : withInterval(gain, 2);
}

export function withInterval([centre, low, high]: Gain, digits: number): string {
  return `${signed(centre, digits)} [${signed(low, digits)}, ${signed(high, digits)}]`;
}

/** With a true minus sign, and no sign for what rounds to zero. */
export function signed(value: number, digits = 2): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
