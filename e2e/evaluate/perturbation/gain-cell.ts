/** How gains are written. */

import type { Gain } from './results-file.ts';

/** "+0.52 [+0.10, +0.93]", or nothing where it was not measured. */
export function gainCell(gain: Gain | null): string {
  if (gain === null) return '';
  const [centre, low, high] = gain;
  return `${signed(centre)} [${signed(low)}, ${signed(high)}]`;
}

/** With a true minus sign, and no sign for what rounds to zero. */
export function signed(value: number, digits = 2): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? '−' : '+'}${size}`;
}
