/** Training a proxy: what it is asked for, and what it reports (docs/proxies.md). */

import { z } from 'zod';

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

export const stepOptionsSchema = z.strictObject({
  normalisation: z.enum(['raw', 'relative', 'token']),
  preconditioning: z.enum(['none', 'covariance']),
  gate: z.enum(['none', 'predicted-error']),
});
export type StepOptions = z.infer<typeof stepOptionsSchema>;
