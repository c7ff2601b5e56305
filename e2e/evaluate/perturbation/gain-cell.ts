import { signed } from '../markdown-table.ts';
import type { Gain } from './results-file.ts';

/** "+0.52 [+0.10, +0.93]", or nothing where it was not measured. */
export function gainCell(gain: Gain | null): string {
  if (gain === null) return '';
  const [centre, low, high] = gain;
  return `${signed(centre)} [${signed(low)}, ${signed(high)}]`;
}
