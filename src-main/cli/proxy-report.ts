/** What training and evaluating found, in words for people. */

import type {
  Correlations,
  EvaluationEvent,
  GainMetric,
  MeasuredGain,
  TrainingEvent,
  TrainProxyInput,
} from '../contract/proxy-training.ts';
import { printable } from './terminal.ts';

const UNITS = {
  wer: 'WER points',
  cer: 'CER points',
  chrf: 'points of mean sentence chrF',
  bleu: 'points of corpus BLEU',
} as const;

export function trainingReport(
  trained: Extract<TrainingEvent, { type: 'trained' }>,
  { id, metric }: Pick<TrainProxyInput, 'id' | 'metric'>,
): string {
  const { record, directory, parameters, suggestedAlpha } = trained;
  const { examples, dev, test, gainMetric, seconds } = record;
  const lines = [
    `proxy ${id}: predicts ${metric} (${parameters} parameters)`,
    `examples: ${examples.train} train, ${examples.dev} dev, ${examples.test} test, ${examples.skipped} left out`,
    `dev:  ${correlationText(dev)}`,
    ...gainLines(dev.gains, gainMetric),
    `test: ${correlationText(test)}`,
    ...gainLines(test.gains, gainMetric),
    verdict(suggestedAlpha, test.gains, gainMetric),
    `seconds: ${seconds.outputs.toFixed(1)} outputs of the model, ${seconds.fit.toFixed(1)} fit, ${seconds.measure.toFixed(1)} measuring`,
    directory,
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

export function evaluationReport(
  { examples, correlations, gains, gainMetric }: Extract<EvaluationEvent, { type: 'evaluated' }>,
  name: string,
  metric: string,
): string {
  const lines = [
    `proxy ${name}: predicts ${metric}`,
    `${examples} examples: ${correlationText(correlations)}`,
    ...gainLines(gains, gainMetric),
    ...(gains.length === 0 ? ['no gain was measured: it needs references and a step size'] : []),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function correlationText({ pearson, spearman }: Correlations): string {
  const text = (value: number | null) => (value === null ? 'not defined' : value.toFixed(3));
  return `Pearson ${text(pearson)}, Spearman ${text(spearman)}`;
}

function gainLines(gains: readonly MeasuredGain[], metric: GainMetric): readonly string[] {
  if (metric === null) return [];
  return gains.map(({ alpha, gain, interval: [low, high] }) => {
    return `  α ${alpha}: gain ${signed(gain)} [${signed(low)}, ${signed(high)}] ${UNITS[metric]}`;
  });
}

function verdict(
  suggestedAlpha: number,
  [gain]: readonly MeasuredGain[],
  metric: GainMetric,
): string {
  if (metric === null) return 'No references, so no gain was measured and no α is suggested.';
  if (suggestedAlpha === 0) return 'No step made the dev outputs better, so no α is suggested.';
  const proven = gain !== undefined && gain.interval[0] > 0;
  return `Suggested α ${suggestedAlpha}: ${proven ? 'a gain on test data' : 'no proven gain on test data'}.`;
}

/** What rounds to nothing has no sign. */
function signed(value: number): string {
  const size = Math.abs(value).toFixed(2);
  return Number(size) === 0 ? size : `${value > 0 ? '+' : '-'}${size}`;
}
