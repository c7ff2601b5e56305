/** What a proxy predicts of the model's own output. */

import { z } from 'zod';

/**
 * wer, cer: word and character error rate, 0 is perfect, at most 1. chrf, bleu: of a sentence, 0 to
 * 100. Without a reference: round-trip-chrf, chrF between the source and its translation translated
 * back, 0 to 100; log-probability, the frozen model's own, per token, at most 0. score: a number
 * that the user gives for every example.
 */
export const PROXY_METRICS = [
  'wer',
  'cer',
  'chrf',
  'bleu',
  'round-trip-chrf',
  'log-probability',
  'score',
] as const;
export const proxyMetricSchema = z.enum(PROXY_METRICS);
export type ProxyMetric = z.infer<typeof proxyMetricSchema>;

export const metricDirectionSchema = z.enum(['lower-is-better', 'higher-is-better']);
export type MetricDirection = z.infer<typeof metricDirectionSchema>;
