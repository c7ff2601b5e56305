/** What PyTorch makes of small problems (e2e/fixtures/proxies/training_reference.py). */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { proxyShapeSchema } from '../../../contract/proxy-training.ts';
import { floatTensor, int64Tensor } from '../../onnx/tensor.ts';
import { partOf, weightCount, weightsOf } from './proxy-weights.ts';

const numbers = z.array(z.number());
const referenceSchema = z.object({
  adamw: z.object({
    weightDecay: z.number(),
    start: numbers,
    gradients: z.array(numbers),
    rates: numbers,
    after: z.array(numbers),
  }),
  fits: z.array(
    z.object({
      shape: proxyShapeSchema,
      rate: z.number(),
      weightDecay: z.number(),
      size: z.tuple([z.int(), z.int(), z.int()]),
      states: numbers,
      mask: z.array(z.int()),
      targets: numbers,
      mean: numbers,
      deviation: numbers,
      start: z.record(z.string(), numbers),
      losses: numbers,
      end: z.record(z.string(), numbers),
    }),
  ),
});

const path = new URL('../../../../e2e/fixtures/proxies/training-reference.json', import.meta.url);
export const REFERENCE = referenceSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
export type ReferenceFit = (typeof REFERENCE)['fits'][number];

/** The problem of a fit as the training graph reads it. */
export function problemOf({ shape, size, states, mask, targets, mean, deviation }: ReferenceFit) {
  const [batch, positions, width] = size;
  return {
    weights: weightsOf(shape, width),
    standardisation: {
      mean: Float32Array.from(mean),
      deviation: Float32Array.from(deviation),
    },
    feeds: {
      encoder_hidden_states: floatTensor(Float32Array.from(states), size),
      attention_mask: int64Tensor(mask, [batch, positions]),
      targets: floatTensor(Float32Array.from(targets), [batch]),
    },
  };
}

/** Weights by name as one flat array. */
export function flatWeights(
  fit: ReferenceFit,
  named: Readonly<Record<string, readonly number[]>>,
): Float32Array {
  const weights = weightsOf(fit.shape, fit.size[2]);
  const flat = new Float32Array(weightCount(weights));
  for (const weight of weights) {
    const values = named[weight.name];
    if (values?.length !== weight.size) throw new Error(`${weight.name} does not fit.`);
    partOf(flat, weight).set(values);
  }
  return flat;
}
