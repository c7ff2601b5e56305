/**
 * The shipped graph, `proxy.onnx`: score, its gradient and the step in one (docs/perturbation.md).
 * Several proxies make one: their mean score, whose gradient is the mean of theirs.
 */

import type { MetricDirection, ProxyMetric } from '../../../contract/proxy-metric.ts';
import type { ProxyShape, StepOptions } from '../../../contract/proxy-training.ts';
import { gradients } from '../../onnx/autodiff/gradients.ts';
import { add } from '../../onnx/autodiff/operations/add.ts';
import { mul } from '../../onnx/autodiff/operations/mul.ts';
import { reshape } from '../../onnx/autodiff/operations/reshape.ts';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import { perturbationStep, rowNorm } from './perturbation-step.ts';
import { encoderInputs } from './proxy-inputs.ts';
import { networkScore, type Standardisation } from './proxy-network.ts';
import { partOf, weightsOf } from './proxy-weights.ts';

export interface TrainedProxy {
  readonly shape: ProxyShape;
  readonly standardisation: Standardisation;
  /** Of each member, in the order of `weightsOf`. */
  readonly members: readonly Float32Array[];
  /** Score in the metric's unit = standardised score · deviation + mean. */
  readonly targets: { readonly mean: number; readonly deviation: number };
  readonly metric: ProxyMetric;
  readonly direction: MetricDirection;
  readonly step: StepOptions;
  /** [D, D] of the encoder outputs, row-major; null without preconditioning. */
  readonly covariance: Float32Array | null;
}

/**
 * Inputs `encoder_hidden_states` [B, T, D], `attention_mask` [B, T], `alpha` [A]; outputs
 * `perturbed_hidden_states` [B·A, T, D] (row b·A + a), `score` [B], `gradient_norm` [B].
 */
export function proxyGraph(proxy: TrainedProxy): Uint8Array {
  const { shape, standardisation, members, targets } = proxy;
  const g = new GraphBuilder();
  const width = standardisation.mean.length;
  const inputs = encoderInputs(g, width);
  const scores = members.map((flat) => {
    const weights = new Map(
      weightsOf(shape, width).map((one) => [one.name, g.real(partOf(flat, one), one.dims)]),
    );
    const weight = (name: string) => weights.get(name) ?? g.real(0);
    const { clean: states, present } = inputs;
    return networkScore(g, shape, { states, present, standardisation, weight, dropout: [] });
  });
  const sum = scores.reduce((total, score) => add(g, total, score));
  const share = g.real(targets.deviation / members.length);
  const score = add(g, mul(g, sum, share), g.real(targets.mean));
  const [gradient = score] = gradients(g, score, [inputs.states]);
  const alpha = g.input('alpha', 'real', ['alphas']);
  return g.build({
    perturbed_hidden_states: perturbationStep(g, { ...proxy, ...inputs, score, gradient, alpha }),
    score,
    gradient_norm: reshape(g, rowNorm(g, gradient, [1, 2]), ['batch']),
  });
}
