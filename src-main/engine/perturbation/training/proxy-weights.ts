/** Which weights a proxy has, where they lie in one flat array, and how they begin. */

import type { ProxyShape } from '../../../contract/proxy-training.ts';
import type { Random } from '../../../evaluation/random.ts';

export interface Weight {
  readonly name: string;
  readonly dims: readonly number[];
  /** First place in the flat array. */
  readonly start: number;
  readonly size: number;
  /** Uniform within ± this; null: ones for a scale, zeros for a shift, as in PyTorch. */
  readonly spread: number | null;
}

/** @param width D of the encoder output */
export function weightsOf(shape: ProxyShape, width: number): readonly Weight[] {
  const weights: Weight[] = [];
  const add = (name: string, dims: readonly number[], spread: number | null) => {
    const size = dims.reduce((product, one) => product * one, 1);
    const last = weights.at(-1);
    weights.push({ name, dims, spread, size, start: last ? last.start + last.size : 0 });
  };
  const layer = (name: string, inputs: number, outputs: number) => {
    // The default of PyTorch's linear layers.
    add(`${name}.weight`, [inputs, outputs], 1 / Math.sqrt(inputs));
    add(`${name}.bias`, [outputs], 1 / Math.sqrt(inputs));
  };
  if (shape.pooling === 'attention') {
    // A bias would be the same for all positions, and the softmax does not see that.
    add('attention.weight', [width, shape.queries], 1 / Math.sqrt(width));
    if (shape.value !== null) layer('value', width, shape.value);
  } else {
    layer('inner', width, shape.inner);
  }
  const pooled = pooledWidth(shape, width);
  add('norm.weight', [pooled], null);
  add('norm.bias', [pooled], null);
  const sizes = [pooled, ...shape.hidden, 1];
  sizes.slice(1).forEach((outputs, i) => {
    layer(`layers.${i}`, sizes[i] ?? 0, outputs);
  });
  return weights;
}

/** Numbers per input behind the pooling. */
export function pooledWidth(shape: ProxyShape, width: number): number {
  return shape.pooling === 'attention' ? shape.queries * (shape.value ?? width) : shape.inner;
}

export function weightCount(weights: readonly Weight[]): number {
  return weights.reduce((sum, { size }) => sum + size, 0);
}

/** The part of a flat array that is one weight; no copy. */
export function partOf(flat: Float32Array, { start, size }: Weight): Float32Array {
  return flat.subarray(start, start + size);
}

export function initialWeights(weights: readonly Weight[], random: Random): Float32Array {
  const flat = new Float32Array(weightCount(weights));
  for (const weight of weights) {
    const { spread, name } = weight;
    const part = partOf(flat, weight);
    if (spread === null) part.fill(name.endsWith('.weight') ? 1 : 0);
    else for (let i = 0; i < part.length; i++) part[i] = spread * (2 * random.uniform() - 1);
  }
  return flat;
}
