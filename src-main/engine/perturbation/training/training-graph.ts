/**
 * The graphs that a proxy is trained with. Weights, dropout factors and noise are inputs, so that a
 * graph is made once, holds nothing random, and gives the same numbers again.
 */

import type { ProxyShape } from '../../../contract/proxy-training.ts';
import { huber } from '../../onnx/autodiff/functions/huber.ts';
import { mean } from '../../onnx/autodiff/functions/mean.ts';
import { pearson } from '../../onnx/autodiff/functions/pearson.ts';
import { gradients } from '../../onnx/autodiff/gradients.ts';
import { add } from '../../onnx/autodiff/operations/add.ts';
import { sub } from '../../onnx/autodiff/operations/sub.ts';
import { where } from '../../onnx/autodiff/operations/where.ts';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { encoderInputs } from './proxy-inputs.ts';
import { networkScore, type Standardisation } from './proxy-network.ts';
import { weightsOf } from './proxy-weights.ts';

export interface TrainingGraphOptions {
  readonly shape: ProxyShape;
  readonly standardisation: Standardisation;
  readonly dropout: boolean;
  readonly noise: boolean;
}

export function gradientName(weight: string): string {
  return `gradient of ${weight}`;
}

export function dropoutName(layer: number): string {
  return `dropout ${layer}`;
}

/**
 * Inputs `encoder_hidden_states` [B, T, D], `attention_mask` [B, T], `targets` [B] (standardised),
 * `noise` [B, T, D] and `dropout i` [B, hidden] where asked for, and every weight by its name.
 * Outputs `loss` [1], Huber + (1 − Pearson) over the batch, and its gradient for every weight.
 */
export function trainingGraph(options: TrainingGraphOptions): Uint8Array {
  const { shape, standardisation } = options;
  const g = new GraphBuilder();
  const width = standardisation.mean.length;
  const { clean, present } = encoderInputs(g, width);
  const states = options.noise
    ? where(g, present, add(g, clean, g.input('noise', 'real', clean.shape)), g.real(0))
    : clean;
  const dropout = options.dropout
    ? shape.hidden.map((size, i) => g.input(dropoutName(i), 'real', ['batch', size]))
    : [];
  const targets = g.input('targets', 'real', ['batch']);
  const weights = weightInputs(g, shape, width);
  const weight = weightOf(weights);
  const score = networkScore(g, shape, { states, present, standardisation, weight, dropout });
  const fit = mean(g, huber(g, sub(g, score, targets)), [0]);
  const loss = add(g, fit, sub(g, g.real(1), pearson(g, score, targets)));
  const names = [...weights.keys()];
  const parts = gradients(g, loss, [...weights.values()]);
  return g.build({
    loss,
    ...Object.fromEntries(parts.map((part, i) => [gradientName(names[i] ?? ''), part])),
  });
}

/** Inputs as above without targets, dropout and noise; output `score` [B], standardised. */
export function scoreGraph(shape: ProxyShape, standardisation: Standardisation): Uint8Array {
  const g = new GraphBuilder();
  const width = standardisation.mean.length;
  const { clean: states, present } = encoderInputs(g, width);
  const weight = weightOf(weightInputs(g, shape, width));
  const inputs = { states, present, standardisation, weight, dropout: [] };
  return g.build({ score: networkScore(g, shape, inputs) });
}

function weightInputs(
  g: GraphBuilder,
  shape: ProxyShape,
  width: number,
): ReadonlyMap<string, Value> {
  return new Map(
    weightsOf(shape, width).map(({ name, dims }) => [name, g.input(name, 'real', dims)]),
  );
}

function weightOf(weights: ReadonlyMap<string, Value>): (name: string) => Value {
  return (name) => {
    const value = weights.get(name);
    if (value === undefined) throw new Error(`The proxy has no weight ${name}.`);
    return value;
  };
}
