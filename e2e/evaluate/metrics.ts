/** The real metrics of the report, as statistics that the paired bootstrap sums. */

import type { ProxyManifest } from '../../src-main/contract/model-layout.ts';
import {
  meanStatistics,
  ratioOfSums,
  type SentenceStatistics,
} from '../../src-main/evaluation/bootstrap.ts';
import { sentenceChrf } from '../../src-main/evaluation/chrf.ts';
import {
  errorRate,
  errorStatistics,
  normaliseForWer,
  sumEdits,
  wordErrors,
} from '../../src-main/evaluation/wer.ts';

/** A text with its references. */
export interface Scored {
  readonly text: string;
  readonly references: readonly string[];
}

export interface Metric {
  readonly name: string;
  readonly betterWhen: ProxyManifest['direction'];
  readonly statistics: (texts: readonly Scored[]) => SentenceStatistics;
  /** From summed statistics. */
  readonly score: (statistics: readonly number[]) => number;
}

const WER: Metric = {
  name: 'WER',
  betterWhen: 'lower-is-better',
  statistics: (texts) => texts.map((scored) => errorStatistics(editsOf(scored))),
  score: (statistics) => 100 * ratioOfSums(statistics),
};

const MEAN_CHRF: Metric = {
  name: 'mean sentence chrF',
  betterWhen: 'higher-is-better',
  statistics: (texts) =>
    meanStatistics(texts.map(({ text, references }) => sentenceChrf(text, references))),
  score: ratioOfSums,
};

/**
 * What the proxy predicts, summed over the inputs.
 * @throws Error for a metric that no bundled proxy predicts
 */
export function metricOf(metric: ProxyManifest['metric']): Metric {
  switch (metric) {
    case 'wer':
      return WER;
    case 'chrf':
      return MEAN_CHRF;
    default:
      throw new Error(`The bundled proxies predict WER or chrF, not ${metric}.`);
  }
}

/** What a proxy is trained to predict for one output: WER as a fraction of at most 1, or chrF. */
export function proxyTarget(metric: ProxyManifest['metric'], scored: Scored): number {
  if (metric === 'chrf') return sentenceChrf(scored.text, scored.references);
  return Math.min(1, errorRate(editsOf(scored)));
}

/** Substitutions, deletions and insertions per 100 words of the references. */
export function errorKinds(texts: readonly Scored[]): readonly [number, number, number] {
  const sum = sumEdits(texts.map(editsOf));
  const words = sum.hits + sum.substitutions + sum.deletions;
  const rate = (count: number) => (100 * count) / words;
  return [rate(sum.substitutions), rate(sum.deletions), rate(sum.insertions)];
}

function editsOf({ text, references }: Scored) {
  return wordErrors(normaliseForWer(references[0] ?? ''), normaliseForWer(text));
}
