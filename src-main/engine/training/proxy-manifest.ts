/** `proxy.json` of a trained proxy: what it is, and what was measured, said as it is. */

import { encoderDtype } from '../../contract/dtype-pairs.ts';
import { graphFiles, type ProxyManifest } from '../../contract/model-layout.ts';
import type { ProxyMetric } from '../../contract/proxy-metric.ts';
import type { GainMetric, TrainingRecord, TrainProxyInput } from '../../contract/proxy-training.ts';
import { runtimeVersions } from '../onnx/versions.ts';
import { EXAMPLE_METRICS, gainMetricOf } from './example-metric.ts';
import { type FittedProxy, meanAndDeviation } from './fit-ensemble.ts';
import type { MeasuredProxy } from './measure-proxy.ts';
import type { ReadableModel } from './model-inputs.ts';
import type { Splits } from './training-run.ts';

export interface ManifestFacts<Input> extends FittedProxy {
  readonly readable: ReadableModel<Input>;
  readonly input: TrainProxyInput;
  readonly splits: Splits;
  readonly digest: string;
  readonly skipped: number;
  /** Null before anything was measured. */
  readonly measured: MeasuredProxy | null;
  readonly seconds: TrainingRecord['seconds'] | null;
}

export function proxyManifest<Input>(facts: ManifestFacts<Input>): ProxyManifest {
  const { readable, input, proxy, measured, parameters } = facts;
  const { model, task } = readable;
  const { identity, hiddenSize } = model;
  const [gain] = measured?.test.gains ?? [];
  const training = recordOf(facts);
  return {
    formatVersion: 1,
    id: input.id,
    name: input.name,
    task,
    metric: input.metric,
    direction: proxy.direction,
    scoreRange: scoreRange(input.metric, facts.splits),
    ...input.step,
    gateThreshold: 0,
    steps: 1,
    mask: 'valid',
    hiddenSize,
    parameters,
    encoders: {
      [encoderDtype(identity.dtype)]: {
        file: graphFiles(encoderDtype(identity.dtype)).encoder,
        sha256: identity.encoderSha256,
        pearson: measured?.test.correlations.pearson ?? 0,
        spearman: measured?.test.correlations.spearman ?? 0,
        suggestedAlpha: measured?.suggestedAlpha ?? 0,
        gain: gain?.gain ?? 0,
        interval: gain === undefined ? [0, 0] : [...gain.interval],
        condition: conditionOf(facts),
      },
    },
    ...(training && { training }),
    trainingData: input.trainingData,
    seed: input.fit.seed,
    versions: { ...input.versions, ...runtimeVersions() },
    license: input.license,
  };
}

function conditionOf<Input>({ readable, input, splits, measured }: ManifestFacts<Input>): string {
  const test = `${splits.test.length} held-out examples of the training data`;
  if (measured === null) return 'Not measured yet';
  if (measured.dev.gains.length === 0) {
    return `${test}; no references, so no gain could be measured`;
  }
  if (measured.suggestedAlpha === 0) {
    const alphas = input.alphas.join(', ');
    return `${test}; none of the step sizes ${alphas} helped on ${splits.dev.length} dev examples, so none is suggested`;
  }
  const { unit } = EXAMPLE_METRICS[gainMetricOf(input.metric, readable.task)];
  return `${test}; greedy; gain in ${unit}`;
}

function recordOf<Input>(facts: ManifestFacts<Input>): TrainingRecord | null {
  const { measured, seconds, splits, input, readable } = facts;
  if (measured === null || seconds === null) return null;
  const { dev, test } = measured;
  const gainMetric: GainMetric =
    dev.gains.length === 0 ? null : gainMetricOf(input.metric, readable.task);
  return {
    fit: input.fit,
    examples: {
      train: splits.train.length,
      dev: splits.dev.length,
      test: splits.test.length,
      skipped: facts.skipped,
      sha256: facts.digest,
    },
    plain: meanAndDeviation(splits.test.map(({ score }) => score)),
    gainMetric,
    dev: { ...dev.correlations, gains: [...dev.gains] },
    test: { ...test.correlations, gains: [...test.gains] },
    members: facts.members,
    seconds,
    decoderSha256: readable.model.identity.decoderSha256,
    language: readable.model.language,
  };
}

function scoreRange(metric: ProxyMetric, { train }: Splits): [number, number] {
  switch (metric) {
    case 'wer':
    case 'cer':
      return [0, 1];
    case 'chrf':
    case 'bleu':
    case 'round-trip-chrf':
      return [0, 100];
    case 'log-probability':
    case 'score':
      return train.reduce<[number, number]>(
        ([low, high], { score }) => [Math.min(low, score), Math.max(high, score)],
        [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      );
  }
}
