/** Where the time of a run went. */

import type { Timings } from '../../../src-main/contract/result.ts';

const STAGES = ['read', 'features', 'encode', 'proxy', 'decode'] as const;

export interface TimingRow {
  readonly stage: (typeof STAGES)[number] | 'rest' | 'total' | 'load';
  readonly milliseconds: number;
  /** Of the total; null for what is not part of it. */
  readonly share: number | null;
}

/**
 * The stages, what is left of the total, the total, and loading, which came before. Stages overlap
 * where a file is read while its beginning is decoded: then nothing is left.
 */
export function timingRows(timings: Timings): readonly TimingRow[] {
  const { total, load } = timings;
  const share = (milliseconds: number) => (total === 0 ? 0 : milliseconds / total);
  const rest = Math.max(
    0,
    STAGES.reduce((left, stage) => left - timings[stage], total),
  );
  return [
    ...STAGES.map((stage) => ({
      stage,
      milliseconds: timings[stage],
      share: share(timings[stage]),
    })),
    { stage: 'rest', milliseconds: rest, share: share(rest) },
    { stage: 'total', milliseconds: total, share: share(total) },
    { stage: 'load', milliseconds: load, share: null },
  ];
}
