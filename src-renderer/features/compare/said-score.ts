/** Scores in words: error rates as percentages, everything else as its points. */

import type { ProxyMetric } from '../../../src-main/contract/proxy-metric.ts';

export function saidScore(score: number, metric: ProxyMetric, locale: string): string {
  const digits = metric === 'log-probability' || metric === 'score' ? 2 : 1;
  return score.toLocaleString(locale, {
    style: metric === 'wer' || metric === 'cer' ? 'percent' : 'decimal',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
