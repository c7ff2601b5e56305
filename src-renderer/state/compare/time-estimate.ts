/** How long more versions will take, from what the run has taken so far. */

import type { Timings } from '../../../src-main/contract/result.ts';

export interface PastWork {
  /** Milliseconds, summed over the jobs of the run; null until one has ended. */
  readonly timings: Timings | null;
  readonly units: number;
  /** Versions of all units together. */
  readonly variants: number;
  /** Encoder outputs of this run were found stored, so that nothing has to be encoded again. */
  readonly encoderOutputsStored: boolean;
}

/** @returns seconds; null where nothing is known */
export function secondsFor(missing: number, past: PastWork): number | null {
  const { timings, units, variants, encoderOutputsStored } = past;
  if (timings === null || units === 0 || variants === 0) return null;
  const perVariant = (timings.decode + timings.proxy) / variants;
  const encode = encoderOutputsStored ? 0 : timings.encode / units;
  return (missing * (perVariant + encode)) / 1000;
}

/** As people say it: coarser the longer it is, and never nothing. */
export type SaidTime =
  | { readonly unit: 'seconds'; readonly count: number }
  | { readonly unit: 'minutes'; readonly count: number }
  | { readonly unit: 'hours'; readonly count: number };

/** Hours come with one digit after the point. */
export function saidTime(seconds: number): SaidTime {
  if (seconds < 55) return { unit: 'seconds', count: Math.max(5, Math.ceil(seconds / 5) * 5) };
  if (seconds < 3570) return { unit: 'minutes', count: Math.max(1, Math.round(seconds / 60)) };
  return { unit: 'hours', count: Math.round(seconds / 360) / 10 };
}
