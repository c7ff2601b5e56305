/**
 * The network of a proxy: encoder outputs are standardised, pooled over the real positions, layer
 * normalised and read by a small MLP. One text for training and for the shipped graph: they differ
 * in whether weights are inputs or constants, and in dropout.
 */

import type { ProxyShape } from '../../../contract/proxy-training.ts';
import { gelu } from '../../onnx/autodiff/functions/gelu.ts';
import { layerNorm } from '../../onnx/autodiff/functions/layer-norm.ts';
import { linear } from '../../onnx/autodiff/functions/linear.ts';
import { clip } from '../../onnx/autodiff/operations/clip.ts';
import { div } from '../../onnx/autodiff/operations/div.ts';
import { matMul } from '../../onnx/autodiff/operations/mat-mul.ts';
import { mul } from '../../onnx/autodiff/operations/mul.ts';
import { reduceSum } from '../../onnx/autodiff/operations/reduce-sum.ts';
import { reshape } from '../../onnx/autodiff/operations/reshape.ts';
import { softmax } from '../../onnx/autodiff/operations/softmax.ts';
import { sub } from '../../onnx/autodiff/operations/sub.ts';
import { transposeMatrix } from '../../onnx/autodiff/operations/transpose.ts';
import { where } from '../../onnx/autodiff/operations/where.ts';
import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { pooledWidth } from './proxy-weights.ts';

/** Mean and deviation of every value of the encoder outputs that the proxy was trained on, [D]. */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

export interface NetworkInputs {
  /** real [B, T, D], 0 at padding */
  readonly states: Value;
  /** bool [B, T, 1]: real positions */
  readonly present: Value;
  readonly standardisation: Standardisation;
  /** By the names of `weightsOf`. */
  readonly weight: (name: string) => Value;
  /** Factors for the hidden values of each layer [B, hidden]; none without dropout. */
  readonly dropout: readonly Value[];
}

/** Takes the place of −∞ where a position must get no attention. */
const NOTHING = -1e9;

/** @returns standardised score, real [B] */
export function networkScore(g: GraphBuilder, shape: ProxyShape, inputs: NetworkInputs): Value {
  const { weight, dropout } = inputs;
  const layer = (x: Value, name: string) =>
    linear(g, x, weight(`${name}.weight`), weight(`${name}.bias`));
  const pooled = pool(g, shape, inputs, layer);
  const last = shape.hidden.length;
  let h = layerNorm(g, pooled, weight('norm.weight'), weight('norm.bias'));
  for (let i = 0; i < last; i++) {
    h = gelu(g, layer(h, `layers.${i}`));
    const factors = dropout[i];
    if (factors !== undefined) h = mul(g, h, factors);
  }
  const [batch = 'batch'] = inputs.states.shape;
  return reshape(g, layer(h, `layers.${last}`), [batch]);
}

/** @returns real [B, pooled] */
function pool(
  g: GraphBuilder,
  shape: ProxyShape,
  { states, present, standardisation: { mean, deviation }, weight }: NetworkInputs,
  layer: (x: Value, name: string) => Value,
): Value {
  const width = mean.length;
  const centred = sub(g, states, g.real(mean, [width]));
  const x = div(g, centred, g.real(deviation, [width]));
  const pooledShape = [states.shape[0] ?? 'batch', pooledWidth(shape, width)];
  if (shape.pooling === 'attention') {
    const attended = matMul(g, x, weight('attention.weight'));
    const logits = where(g, present, attended, g.real(NOTHING));
    const attention = softmax(g, transposeMatrix(g, logits));
    const values = shape.value === null ? x : layer(x, 'value');
    return reshape(g, matMul(g, attention, values), pooledShape);
  }
  const inner = where(g, present, gelu(g, layer(x, 'inner')), g.real(0));
  const count = reduceSum(g, where(g, present, g.real(1), g.real(0)), [1]);
  const atLeastOne = clip(g, count, 1, Number.POSITIVE_INFINITY);
  return reshape(g, div(g, reduceSum(g, inner, [1]), atLeastOne), pooledShape);
}
