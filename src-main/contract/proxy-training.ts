/** Training a proxy: what it is asked for, and what it reports (docs/proxies.md). */

import { z } from 'zod';
import { deviceRequestSchema, weightsSchema } from './devices.ts';
import { metricDirectionSchema, proxyMetricSchema } from './proxy-metric.ts';

const width = z.int().min(1).max(4096);

/** The network between standardised encoder outputs [B, T, D] and a score [B]. */
export const proxyShapeSchema = z.discriminatedUnion('pooling', [
  /** Learned queries attend to the positions; the values are the positions, or a layer of them. */
  z.strictObject({
    pooling: z.literal('attention'),
    queries: z.int().min(1).max(64),
    /** Width of the value layer; null takes the positions as they are. */
    value: width.nullable(),
    /** Widths of the layers behind the pooling. */
    hidden: z.array(width).min(1).max(4),
  }),
  /** A layer at every position, then the mean over them. */
  z.strictObject({
    pooling: z.literal('position-mean'),
    inner: width,
    hidden: z.array(width).min(1).max(4),
  }),
]);
export type ProxyShape = z.infer<typeof proxyShapeSchema>;

export const fitOptionsSchema = z.strictObject({
  shape: proxyShapeSchema,
  /** Proxies in one graph, whose scores and gradients are averaged. */
  members: z.int().min(1).max(16),
  /** At most; it ends earlier after `patience` epochs without a better dev Spearman. */
  epochs: z.int().min(1).max(1000),
  patience: z.int().min(1).max(1000),
  batchSize: z.int().min(4).max(1024),
  learningRate: z.number().positive().max(1),
  weightDecay: z.number().min(0).max(10),
  /** Share of hidden values that are left out in a training step. */
  dropout: z.number().min(0).max(0.9),
  /** Noise on the encoder outputs in training, in standard deviations of each of their values. */
  noise: z.number().min(0).max(10),
  seed: z.int().min(0).max(0xffffffff),
});
export type FitOptions = z.infer<typeof fitOptionsSchema>;

const stepOptionsSchema = z.strictObject({
  normalisation: z.enum(['raw', 'relative', 'token']),
  preconditioning: z.enum(['none', 'covariance']),
  gate: z.enum(['none', 'predicted-error']),
});
export type StepOptions = z.infer<typeof stepOptionsSchema>;

/** One example, wherever it comes from: a table, a folder of pairs, corrections in a history. */
const trainingExampleSchema = z.strictObject({
  source: z.discriminatedUnion('type', [
    /** A recording no longer than one window of the model. */
    z.strictObject({ type: z.literal('audio'), path: z.string().min(1) }),
    z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  ]),
  /** What the output should be; empty where nobody knows. */
  references: z.array(z.string()),
  /** The user's own score of the model's plain output, for the metric `score`. */
  score: z.number().nullable(),
});
export type TrainingExample = z.infer<typeof trainingExampleSchema>;

/** The frozen model, and where its outputs are kept between two trainings. */
const frozenModelSchema = z.strictObject({
  modelDirectory: z.string().min(1),
  dtype: weightsSchema.nullable(),
  device: deviceRequestSchema,
  threads: z.int().min(1).max(1024).nullable(),
  language: z.string().min(1).nullable(),
  sourceLanguage: z.string().min(1).nullable(),
  /** Folder of encoder outputs (float16) and texts. Whoever gives it may delete it at any time. */
  cacheDirectory: z.string().min(1),
  /** Bytes that the folder may hold; examples that do not fit are left out, and said. */
  cacheBytes: z.number().positive(),
  examples: z.array(trainingExampleSchema).min(1),
});

export type FrozenModel = z.infer<typeof frozenModelSchema>;

export const trainProxyInputSchema = frozenModelSchema.extend({
  metric: proxyMetricSchema,
  /** Of the user's own scores; the other metrics have one of their own. */
  scoreDirection: metricDirectionSchema,
  fit: fitOptionsSchema,
  step: stepOptionsSchema,
  /** Step sizes of which the best on dev is suggested. */
  alphas: z.array(z.number().positive()).min(1).max(16),
  /** Name of the folder in `proxies/`. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  name: z.string().min(1),
  /** A proxy of that name that was trained here gives way. */
  replace: z.boolean(),
  /** For people: where the examples come from, and what may be done with them. */
  trainingData: z.string().min(1),
  license: z.string().min(1),
  /** Of the program, by its parts. */
  versions: z.record(z.string(), z.string()),
});
export type TrainProxyInput = z.infer<typeof trainProxyInputSchema>;

export const evaluateProxyInputSchema = frozenModelSchema.extend({
  proxyDirectory: z.string().min(1),
  /** Null takes the suggested one. */
  alphas: z.array(z.number()).min(1).max(16).nullable(),
  seed: z.int().min(0).max(0xffffffff),
});
export type EvaluateProxyInput = z.infer<typeof evaluateProxyInputSchema>;

/** A gain in points of the metric, positive where the outputs became better. */
const measuredGainSchema = z.strictObject({
  alpha: z.number(),
  gain: z.number(),
  /** 95 % paired bootstrap interval. */
  interval: z.tuple([z.number(), z.number()]),
});
export type MeasuredGain = z.infer<typeof measuredGainSchema>;

const correlationsSchema = z.strictObject({
  /** Null where it is not defined. */
  pearson: z.number().nullable(),
  spearman: z.number().nullable(),
});
export type Correlations = z.infer<typeof correlationsSchema>;

/** In what a gain is counted; null where no example has a reference. */
const gainMetricSchema = z.enum(['wer', 'cer', 'chrf', 'bleu']).nullable();
export type GainMetric = z.infer<typeof gainMetricSchema>;

/** What `proxy.json` says of how a proxy came to be: enough to judge it and to make it again. */
export const trainingRecordSchema = z.strictObject({
  fit: fitOptionsSchema,
  examples: z.strictObject({
    train: z.int().nonnegative(),
    dev: z.int().nonnegative(),
    test: z.int().nonnegative(),
    /** Left out: unreadable, too long, or without room in the cache. */
    skipped: z.int().nonnegative(),
    /** SHA-256 over the sources, references and scores that were used, in their order. */
    sha256: z.string(),
  }),
  /** Of the frozen model's plain outputs on test, in the metric's unit. */
  plain: z.strictObject({ mean: z.number(), deviation: z.number() }),
  gainMetric: gainMetricSchema,
  dev: correlationsSchema.extend({ gains: z.array(measuredGainSchema) }),
  test: correlationsSchema.extend({ gains: z.array(measuredGainSchema) }),
  /** Of the kept epoch, of each member. */
  members: z.array(z.strictObject({ epoch: z.int(), epochs: z.int(), devSpearman: z.number() })),
  seconds: z.strictObject({ outputs: z.number(), fit: z.number(), measure: z.number() }),
  decoderSha256: z.string(),
  language: z.string().nullable(),
});
export type TrainingRecord = z.infer<typeof trainingRecordSchema>;

const progressEvents = [
  z.strictObject({
    type: z.literal('progress'),
    stage: z.enum(['outputs', 'scores', 'fit', 'measure']),
    done: z.number().nonnegative(),
    total: z.number().positive(),
  }),
  /** An example that is left out, for people. */
  z.strictObject({ type: z.literal('skipped'), example: z.string(), reason: z.string() }),
] as const;

export const trainingEventSchema = z.discriminatedUnion('type', [
  ...progressEvents,
  z.strictObject({
    type: z.literal('epoch'),
    member: z.int().nonnegative(),
    epoch: z.int().nonnegative(),
    loss: z.number(),
    devSpearman: z.number(),
  }),
  z.strictObject({
    type: z.literal('trained'),
    directory: z.string(),
    parameters: z.int(),
    suggestedAlpha: z.number(),
    record: trainingRecordSchema,
  }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;

export const evaluationEventSchema = z.discriminatedUnion('type', [
  ...progressEvents,
  z.strictObject({
    type: z.literal('evaluated'),
    examples: z.int(),
    gainMetric: gainMetricSchema,
    correlations: correlationsSchema,
    gains: z.array(measuredGainSchema),
  }),
]);
export type EvaluationEvent = z.infer<typeof evaluationEventSchema>;
