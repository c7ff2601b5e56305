/** Steps of perturbed rows in double precision, for tests. */

import type { ProxyMetric } from '../../contract/proxy-metric.ts';
import { dimension, floatData, type Tensor } from '../onnx/tensor.ts';
import type { PerturbationProxy, Perturbed } from './proxy.ts';
import { type EncoderOutputs, lengthsOf } from './test-encoder-outputs.ts';

/** Bytes of positions `from` to `to` of row `row`. */
export function bytesOf(states: Tensor, row: number, from: number, to: number): Buffer {
  const [length, width] = [dimension(states, 1), dimension(states, 2)];
  const start = row * length * width;
  const part = floatData(states).subarray(start + from * width, start + to * width);
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

/** E' − E over the unmasked positions of input `b` at the α of place `a`. */
export function stepOf(
  { hiddenStates, mask }: EncoderOutputs,
  perturbed: Perturbed,
  b: number,
  a: number,
): Float64Array {
  const [length, width] = [dimension(hiddenStates, 1), dimension(hiddenStates, 2)];
  const alphas = dimension(perturbed.hiddenStates, 0) / dimension(hiddenStates, 0);
  const size = (lengthsOf(mask)[b] ?? 0) * width;
  const plain = floatData(hiddenStates);
  const moved = floatData(perturbed.hiddenStates);
  return Float64Array.from({ length: size }, (_, i) => {
    const at = (row: number) => row * length * width + i;
    return (moved[at(b * alphas + a)] ?? 0) - (plain[at(b)] ?? 0);
  });
}

/** Values of the unmasked positions of row `b`. */
export function valuesOf({ hiddenStates, mask }: EncoderOutputs, b: number): Float64Array {
  const [length, width] = [dimension(hiddenStates, 1), dimension(hiddenStates, 2)];
  const start = b * length * width;
  const size = (lengthsOf(mask)[b] ?? 0) * width;
  return Float64Array.from(floatData(hiddenStates).subarray(start, start + size));
}

/** Frobenius norm. */
export function norm(values: Float64Array): number {
  return Math.sqrt(dot(values, values));
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** ‖a − b‖ / ‖b‖ */
export function relativeDistance(a: Float64Array, b: Float64Array): number {
  return norm(a.map((value, i) => value - (b[i] ?? 0))) / norm(b);
}

/** The factor by which the manifest says that steps are scaled for a predicted score. */
export function gateOf({ manifest }: PerturbationProxy, score: number): number {
  if (manifest.gate === 'none') return 1;
  const threshold = manifest.gateThreshold;
  return Math.min(1, Math.max(0, (errorOf(manifest.metric, score) - threshold) / (1 - threshold)));
}

function errorOf(metric: ProxyMetric, score: number): number {
  switch (metric) {
    case 'wer':
    case 'cer':
      return score;
    case 'log-probability':
      return 1 - Math.exp(score);
    default:
      return 1 - score / 100;
  }
}

/** |actual − expected| / |expected|; NaN where one is missing. */
export function relative(actual: number | undefined, expected: number | undefined): number {
  const [a, b] = [actual ?? Number.NaN, expected ?? Number.NaN];
  return Math.abs(a - b) / Math.abs(b);
}
