/** What the intervals say in words, at the one α that was suggested before. */

import type { ProxyManifest } from '../../src-main/contract/model-layout.ts';
import type { BootstrapInterval } from '../../src-main/evaluation/bootstrap.ts';
import type { DecodedTexts } from './decoded-texts.ts';
import { difference, type Metric, metricsOf } from './metrics.ts';
import { type Bootstrap, interval, movedOf, plainOf } from './report-tables.ts';

/** Which side of zero an interval lies on, in the good direction of the metric. */
function side(
  { lower, upper }: Pick<BootstrapInterval, 'lower' | 'upper'>,
  { betterWhen }: Pick<Metric, 'betterWhen'>,
): 'better' | 'worse' | 'open' {
  if (lower <= 0 && upper >= 0) return 'open';
  return lower > 0 === (betterWhen === 'higher-is-better') ? 'better' : 'worse';
}

/** One line per condition. */
export function verdicts(
  {
    manifest,
    alphas,
    suggestedAlpha,
  }: {
    readonly manifest: ProxyManifest;
    readonly alphas: readonly number[];
    readonly suggestedAlpha: number;
  },
  groups: ReadonlyMap<string, readonly DecodedTexts[]>,
  bootstrap: Bootstrap,
): string {
  const a = alphas.indexOf(suggestedAlpha);
  const [metric] = metricsOf(manifest.metric);
  if (metric === undefined || a < 0) return 'No α is suggested for this encoder.';
  const lines = [...groups].map(([name, texts]) => {
    const [gradient, random] = [movedOf(texts, 'gradient', a), movedOf(texts, 'random', a)];
    const gain = difference(metric, plainOf(texts), gradient, bootstrap);
    const overRandom = difference(metric, random, gradient, bootstrap);
    const words = inWords(side(gain, metric), side(overRandom, metric));
    return `- ${name}: ${words}. ${metric.name} ${interval(gain)} against plain, ${interval(overRandom)} against random.`;
  });
  return [`α = ${suggestedAlpha}:`, '', ...lines].join('\n');
}

function inWords(gain: ReturnType<typeof side>, overRandom: ReturnType<typeof side>): string {
  switch (gain) {
    case 'worse':
      return 'the step made the output worse';
    case 'open':
      return 'no effect shown (null result)';
    case 'better':
      return overRandom === 'better'
        ? 'better than plain and than a random step'
        : 'better than plain, but not shown to be better than a random step';
  }
}
