/**
 * The step E' = E + σ·α·gate·n(g·C) as a part of a graph (docs/perturbation.md has the symbols).
 * Norms count real positions only and are at least 1e-12.
 */

import type { MetricDirection, ProxyMetric } from '../../../contract/proxy-metric.ts';
import type { StepOptions } from '../../../contract/proxy-training.ts';
import { clip } from '../../onnx/autodiff/operations/clip.ts';
import { equal } from '../../onnx/autodiff/operations/compare.ts';
import { div } from '../../onnx/autodiff/operations/div.ts';
import { matMul } from '../../onnx/autodiff/operations/mat-mul.ts';
import { mul } from '../../onnx/autodiff/operations/mul.ts';
import { reduceSum } from '../../onnx/autodiff/operations/reduce-sum.ts';
import { reshape } from '../../onnx/autodiff/operations/reshape.ts';
import { sqrt } from '../../onnx/autodiff/operations/sqrt.ts';
import { sub } from '../../onnx/autodiff/operations/sub.ts';
import { where } from '../../onnx/autodiff/operations/where.ts';
import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { predictedError } from './predicted-error.ts';
import type { EncoderInputs } from './proxy-inputs.ts';

const SMALLEST = 1e-12;

export interface StepInputs extends EncoderInputs {
  readonly metric: ProxyMetric;
  readonly direction: MetricDirection;
  readonly step: StepOptions;
  readonly covariance: Float32Array | null;
  /** real [B] */
  readonly score: Value;
  /** real [B, T, D], 0 at padding */
  readonly gradient: Value;
  /** real [A] */
  readonly alpha: Value;
}

/** @returns real [B·A, T, D], row b·A + a */
export function perturbationStep(g: GraphBuilder, inputs: StepInputs): Value {
  const { states, alpha, metric, direction, step, score } = inputs;
  const width = states.shape[2] ?? 1;
  const sign = g.real(direction === 'lower-is-better' ? -1 : 1);
  let towards = mul(g, normalised(g, inputs), sign);
  if (step.gate === 'predicted-error') {
    const error = clip(g, predictedError(g, metric, score), 0, 1);
    towards = mul(g, towards, reshape(g, error, ['batch', 1, 1]));
  }
  const zero = g.real(0);
  const sizes = reshape(g, alpha, [1, 'alphas', 1, 1]);
  const away = mul(g, reshape(g, mul(g, towards, g.real(-1)), rows(1, width)), sizes);
  // x − (+0) is x for every float, −0 too; a `Where` around the whole sum is not: ONNX Runtime's CPU
  // kernel turns −0 to +0. And 0 · ∞ is not 0.
  const moving = where(g, equal(g, sizes, zero), zero, where(g, equal(g, away, zero), zero, away));
  const moved = sub(g, reshape(g, states, rows(1, width)), moving);
  return joinRows(g, moved, states);
}

/** Frobenius norm over `axes`, which stay with size 1. */
export function rowNorm(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  return sqrt(g, reduceSum(g, mul(g, x, x), axes));
}

function normalised(g: GraphBuilder, inputs: StepInputs): Value {
  const { gradient, clean, present, step, covariance } = inputs;
  const width = covariance === null ? 0 : Math.sqrt(covariance.length);
  const direction =
    covariance === null ? gradient : matMul(g, gradient, g.real(covariance, [width, width]));
  switch (step.normalisation) {
    case 'raw':
      return direction;
    case 'relative':
      return mul(g, unit(g, direction, [1, 2]), atLeastSmallest(g, rowNorm(g, clean, [1, 2])));
    case 'token': {
      const count = reduceSum(g, where(g, present, g.real(1), g.real(0)), [1, 2]);
      const size = div(
        g,
        rowNorm(g, clean, [1, 2]),
        sqrt(g, clip(g, count, 1, Number.POSITIVE_INFINITY)),
      );
      return mul(g, unit(g, direction, [2]), atLeastSmallest(g, size));
    }
  }
}

function unit(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  return div(g, x, atLeastSmallest(g, rowNorm(g, x, axes)));
}

/** Clip, not Max: WebGPU has no Max. */
function atLeastSmallest(g: GraphBuilder, x: Value): Value {
  return clip(g, x, SMALLEST, Number.POSITIVE_INFINITY);
}

/** [B, 1, T, D] */
function rows(alphas: number, width: number | string) {
  return ['batch', alphas, 'positions', width] as const;
}

/** [B, A, T, D] → [B·A, T, D]; T is only known when the graph runs. */
function joinRows(g: GraphBuilder, x: Value, states: Value): Value {
  const [, positions = 'positions', width = 1] = states.shape;
  const integers = (kind: string, list: readonly Value[], size: number, attributes = {}) =>
    g.node({
      kind,
      inputs: list,
      type: 'int64',
      attributes,
      shape: [size],
      derivatives: list.map(() => null),
    });
  const shape = integers('Shape', [states], 3);
  const length = integers('Slice', [shape, g.int64([1]), g.int64([2])], 1);
  const sizes = [g.int64([-1]), length, g.int64([Number(width)])];
  return g.node({
    kind: 'Reshape',
    inputs: [x, integers('Concat', sizes, 3, { axis: 0 })],
    shape: ['rows', positions, width],
    derivatives: [null, null],
  });
}
