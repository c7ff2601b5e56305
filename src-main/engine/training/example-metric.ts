/** The metrics of examples: what a proxy is to predict of one output, and a gain over many. */

import type { MetricDirection, ProxyMetric } from '../../contract/proxy-metric.ts';
import type { GainMetric } from '../../contract/proxy-training.ts';
import { bleuFromStatistics, bleuStatistics, sentenceBleu } from '../../evaluation/bleu.ts';
import { ratioOfSums } from '../../evaluation/bootstrap.ts';
import { sentenceChrf } from '../../evaluation/chrf.ts';
import type { EditCounts } from '../../evaluation/edit-distance.ts';
import {
  characterErrors,
  errorRate,
  errorStatistics,
  normaliseForWer,
  wordErrors,
} from '../../evaluation/wer.ts';

export interface ExampleMetric {
  /** Of one output, in the metric's unit: what a proxy predicts. */
  readonly score: (text: string, references: readonly string[]) => number;
  /** Statistics of one output that are summed over a set. */
  readonly statistics: (text: string, references: readonly string[]) => readonly number[];
  /** From summed statistics, in points; higher is better. */
  readonly points: (statistics: readonly number[]) => number;
  /** Of the points, for people. */
  readonly unit: string;
}

type Edits = (reference: string, text: string) => EditCounts;

function errors(count: Edits, unit: string): ExampleMetric {
  /** Against the reference it is nearest to. */
  const nearest = (text: string, references: readonly string[]) => {
    const counts = references.map((reference) =>
      count(normaliseForWer(reference), normaliseForWer(text)),
    );
    return counts.reduce((best, one) => (errorRate(one) < errorRate(best) ? one : best));
  };
  return {
    score: (text, references) => Math.min(1, errorRate(nearest(text, references))),
    statistics: (text, references) => errorStatistics(nearest(text, references)),
    points: (statistics) => -100 * ratioOfSums(statistics),
    unit,
  };
}

export const EXAMPLE_METRICS: Readonly<Record<NonNullable<GainMetric>, ExampleMetric>> = {
  wer: errors(wordErrors, 'WER points'),
  cer: errors(characterErrors, 'CER points'),
  chrf: {
    score: sentenceChrf,
    statistics: (text, references) => [sentenceChrf(text, references), 1],
    points: ratioOfSums,
    unit: 'mean sentence chrF',
  },
  bleu: {
    score: sentenceBleu,
    statistics: bleuStatistics,
    points: bleuFromStatistics,
    unit: 'corpus BLEU',
  },
};

/** The metric that a gain is counted in: the predicted one where texts can be measured with it. */
export function gainMetricOf(
  metric: ProxyMetric,
  task: 'asr' | 'translation',
): NonNullable<GainMetric> {
  switch (metric) {
    case 'round-trip-chrf':
    case 'log-probability':
    case 'score':
      return task === 'asr' ? 'wer' : 'chrf';
    default:
      return metric;
  }
}

export function directionOf(metric: ProxyMetric, scoreDirection: MetricDirection): MetricDirection {
  if (metric === 'score') return scoreDirection;
  return metric === 'wer' || metric === 'cer' ? 'lower-is-better' : 'higher-is-better';
}
