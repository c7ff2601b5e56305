/** What the benchmark must show, and whether it did. Judged by the median. */

import type { Comparison, ModelMeasurement } from './benchmarks-file.ts';
import type { Spread } from './statistics.ts';

export interface Goal {
  readonly text: string;
  /** Null where it could not be measured. */
  readonly measured: Spread | null;
  readonly unit: 'ratio' | 'percent';
  readonly met: boolean | null;
}

/** Plain and one α: share of the time of plain alone. */
export const ONE_ALPHA = 1.25;

export function goalsOf(measurement: ModelMeasurement): readonly Goal[] {
  const { single, pipeline, batched, compare, compareSingle, setup } = measurement;
  // The peer's better mode is the one to beat.
  const hardest = batched.ratio.median > pipeline.ratio.median ? batched : pipeline;
  return [
    atMost('One by one: at most 0.5 times transformers.js', single.ratio, 0.5),
    atMost(`Pipeline: at most 0.5 times ${hardest.second.name}`, hardest.ratio, 0.5),
    ...measurement.otherComparisons.flatMap(({ second, ratio }) => {
      const limit = goalAgainst(second.name);
      return limit === null ? [] : atMost(`At most ${limit} times ${second.name}`, ratio, limit);
    }),
    atMost(`Plain and one α: at most ${ONE_ALPHA} times plain`, compare?.ratio ?? null, ONE_ALPHA),
    atMost(
      `Plain and one α, one by one: at most ${ONE_ALPHA} times`,
      compareSingle?.ratio ?? null,
      ONE_ALPHA,
    ),
    proxyShare('Proxy and step: at most 5 % of plain', compare),
    proxyShare('Proxy and step, one by one: at most 5 %', compareSingle),
    equalOutputs(Math.min(single.equal, pipeline.equal, batched.equal), setup.dtype === 'fp32'),
  ];
}

/** Share of a peer's time; null where it computes in int8 on another stack: no goal was set for that. */
export function goalAgainst(name: string): number | null {
  if (name.startsWith('transformers.js')) return 0.5;
  return /^(CTranslate2 float32|whisper\.cpp f16)/.test(name) ? 0.9 : null;
}

function atMost(text: string, measured: Spread | null, limit: number): Goal {
  return { text, measured, unit: 'ratio', met: measured && measured.median <= limit };
}

function proxyShare(text: string, compare: Comparison | null): Goal {
  const measured = compare?.stageShares?.proxy ?? null;
  return { text, measured, unit: 'percent', met: measured && measured.median <= 0.05 };
}

/** Only fp32 promises equality: int8 rounds activations over the whole batch. */
function equalOutputs(share: number, promised: boolean): Goal {
  return {
    text: promised ? 'Outputs equal to the peer: at least 99 %' : 'Outputs equal to the peer',
    measured: { median: share, min: share, max: share },
    unit: 'percent',
    met: promised ? share >= 0.99 : null,
  };
}
