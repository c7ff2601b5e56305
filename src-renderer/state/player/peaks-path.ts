/** A waveform as the outline of a shape, for an SVG path. */

import type { AppClient } from '../../bridge/app-client.ts';
import type { PeaksWindow } from './peaks-window.ts';

export type Peaks = Awaited<ReturnType<AppClient['media']['peaks']>>;

/** Louder than this, a recording is drawn as it is; a quieter one is drawn larger. */
const LEAST_LOUDEST = 0.05;

/** Lowest and highest sample of each of equal columns of a window; 0 where there is nothing. */
export function columnsOf(
  peaks: Peaks,
  { from, to }: PeaksWindow,
  columns: number,
): { readonly low: readonly number[]; readonly high: readonly number[] } {
  const low: number[] = [];
  const high: number[] = [];
  const pieceAt = (time: number) => (time - peaks.from) / peaks.step;
  for (let column = 0; column < columns; column += 1) {
    const start = from + ((to - from) * column) / columns;
    const end = from + ((to - from) * (column + 1)) / columns;
    const first = Math.max(0, Math.floor(pieceAt(start) + 1e-6));
    const last = Math.max(first + 1, Math.ceil(pieceAt(end) - 1e-6));
    low.push(Math.min(0, ...peaks.low.slice(first, last)));
    high.push(Math.max(0, ...peaks.high.slice(first, last)));
  }
  return { low, high };
}

/** The largest distance from silence, for a scale that shows quiet recordings too. */
export function loudestOf(peaks: Peaks): number {
  return peaks.high.reduce(
    (most, high, at) => Math.max(most, high, -(peaks.low[at] ?? 0)),
    LEAST_LOUDEST,
  );
}

/**
 * @param width columns: units of the drawing from left to right
 * @param loudest what reaches the edge
 * @returns path data over `width` × 2, the silence at 1
 */
export function pathOf(peaks: Peaks, window: PeaksWindow, width: number, loudest: number): string {
  const { low, high } = columnsOf(peaks, window, width);
  // A hair of height, so that silence is a line.
  const least = 0.02;
  const point = (x: number, y: number) => `${x} ${y.toFixed(3)}`;
  const top = high.map((value, x) => point(x, 1 - Math.min(1, Math.max(least, value / loudest))));
  const bottom = low.map((value, x) =>
    point(x, 1 + Math.min(1, Math.max(least, -value / loudest))),
  );
  return `M${[...top, ...bottom.reverse()].join('L')}Z`;
}
