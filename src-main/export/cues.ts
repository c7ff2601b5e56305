/** What SRT and WebVTT share: which segments or phrases become cues, their times, their lines. */

import { VeerError } from '../contract/errors.ts';
import type { Result, Segment } from '../contract/result.ts';
import { breakLines } from './line-breaking.ts';
import { lineOf, variantLine } from './variant-text.ts';

export type Cue = {
  /** Milliseconds, whole; a cue starts where the one before it ends or later, and lasts ≥ 1 ms. */
  readonly start: number;
  readonly end: number;
  /** At least one; none of them empty. */
  readonly lines: readonly string[];
};

/**
 * The cues of a timed result, in order: one per phrase where the model timed them, else one per
 * segment. What has no text makes none.
 *
 * @throws VeerError OPTION_INVALID when the result has no times because its source is a text.
 */
export function cuesOf(result: Result, variantIndex: number): Cue[] {
  const cues: Cue[] = [];
  let previousEnd = 0;
  for (const segment of result.segments) {
    if (segment.start === null || segment.end === null) throw noTimes();
    for (const piece of timedPieces(segment, segment.start, segment.end, variantIndex)) {
      const start = Math.max(Math.round(piece.start * 1000), previousEnd);
      const end = Math.max(Math.round(piece.end * 1000), start + 1);
      cues.push({ start, end, lines: breakLines(piece.line) });
      previousEnd = end;
    }
  }
  if (cues.length === 0 && result.source.duration === null) throw noTimes();
  return cues;
}

/** Lines with their seconds. */
function timedPieces(segment: Segment, start: number, end: number, variantIndex: number) {
  const whole = { start, end, line: variantLine(segment, variantIndex) };
  const phrases = segment.variants[variantIndex]?.phrases ?? [];
  const pieces = phrases.map((phrase) => ({ ...phrase, line: lineOf(phrase.text) }));
  return (pieces.length === 0 ? [whole] : pieces).filter(({ line }) => line !== '');
}

/** HH:MM:SS and milliseconds; hours get more digits when they need them. */
export function formatTime(milliseconds: number, decimalMark: ',' | '.'): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${decimalMark}${String(milliseconds % 1000).padStart(3, '0')}`;
}

function noTimes(): VeerError {
  return new VeerError(
    'OPTION_INVALID',
    'Subtitles need times, and a translated text has none. Use the format txt, md or json.',
  );
}
