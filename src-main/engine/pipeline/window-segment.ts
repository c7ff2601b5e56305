/** A decoded window as a segment of the result: times count from the start of the file. */

import type { Segment, Variant } from '../../contract/result.ts';
import type { DecodedInput } from './perturbed-decode.ts';

/** Offsets in samples. */
export interface Span {
  readonly index: number;
  readonly startSample: number;
  readonly endSample: number;
}

export function windowSegment(
  { index, startSample, endSample }: Span,
  output: DecodedInput,
  samplingRate: number,
): Segment {
  const start = startSample / samplingRate;
  const end = endSample / samplingRate;
  return {
    index,
    start,
    end,
    source: null,
    separator: null,
    ...output,
    variants: output.variants.map((variant) => timedFrom(variant, start, end)),
  };
}

function timedFrom(variant: Variant, start: number, end: number): Variant {
  const shifted = <T extends { readonly start: number; readonly end: number }>(
    pieces: readonly T[],
  ): T[] => {
    // To the millisecond, and inside the window: the steps of a model's times are its own.
    const inFile = (time: number) =>
      Math.min(end, Math.max(start, Math.round((start + time) * 1000) / 1000));
    return pieces.map((piece) => ({
      ...piece,
      start: inFile(piece.start),
      end: inFile(piece.end),
    }));
  };
  const { phrases, words } = variant;
  return {
    ...variant,
    ...(phrases && { phrases: shifted(phrases) }),
    ...(words && { words: shifted(words) }),
  };
}
