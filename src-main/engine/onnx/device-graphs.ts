/** The graphs for tensors on a device: plain data, see `device-tensors.ts` for what they are for. */

import type { OnnxGraph, OnnxNode, OnnxTensor } from './graph-builder/onnx-model.ts';
import type { FloatType, Tensor } from './tensor.ts';

/** Ends a slice behind the last position, however many there are. */
const END = 2 ** 53;
/** Number of float32 in ONNX. */
const FLOAT32 = 1;

/** Rows of every tensor: `inN` and `rows` to `outN`. */
export function rowsGraph(tensors: readonly Tensor[]): OnnxGraph {
  const ports = (prefix: string) =>
    tensors.map(({ type, dims }, i) => {
      const shape = dims.map((_, axis) => `${prefix}${i}_${axis}`);
      return { name: `${prefix}${i}`, type: floatType(type), shape };
    });
  return {
    name: 'rows',
    nodes: tensors.map((_, i) => node('Gather', [`in${i}`, 'rows'], `out${i}`, { axis: 0 })),
    constants: [],
    inputs: [{ name: 'rows', type: 'int64', shape: ['rows'] }, ...ports('in')],
    outputs: ports('out'),
  };
}

const SLICE_BOUNDS = [constant('from', -1), constant('to', END), constant('positions', 1)];
const LAST_POSITION = [
  node('Slice', ['logits', 'from', 'to', 'positions'], 'last'),
  node('Cast', ['last'], 'values', { to: FLOAT32 }),
];

function logitsPort({ type }: Tensor) {
  return { name: 'logits', type: floatType(type), shape: ['rows', 'positions', 'vocabulary'] };
}

/** Logits of the last position in float32: `logits` to `values`. */
export function lastGraph(logits: Tensor): OnnxGraph {
  return {
    name: 'last',
    nodes: LAST_POSITION,
    constants: SLICE_BOUNDS,
    inputs: [logitsPort(logits)],
    outputs: [{ name: 'values', type: 'float32', shape: ['rows', 1, 'vocabulary'] }],
  };
}

/**
 * The best token of the last position: `logits` and `bias` to `ids` and `surprise`, which is −log p.
 * For the largest logit that is log Σ exp(logit − largest).
 */
export function bestGraph(logits: Tensor): OnnxGraph {
  return {
    name: 'best',
    nodes: [
      ...LAST_POSITION,
      node('Add', ['values', 'bias'], 'allowed'),
      node('ArgMax', ['allowed'], 'ids', { axis: 2, keepdims: 0 }),
      node('ReduceMax', ['allowed'], 'largest', { axes: [2], keepdims: 1 }),
      node('Sub', ['allowed', 'largest'], 'differences'),
      node('Exp', ['differences'], 'weights'),
      node('ReduceSum', ['weights', 'vocabulary'], 'sum', { keepdims: 0 }),
      node('Log', ['sum'], 'surprise'),
    ],
    constants: [...SLICE_BOUNDS, constant('vocabulary', 2)],
    inputs: [logitsPort(logits), { name: 'bias', type: 'float32', shape: [1, 'vocabulary'] }],
    outputs: [
      { name: 'ids', type: 'int64', shape: ['rows', 1] },
      { name: 'surprise', type: 'float32', shape: ['rows', 1] },
    ],
  };
}

function node(
  kind: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { kind, inputs, outputs: [output], attributes };
}

/** int64 [1] */
function constant(name: string, value: number): OnnxTensor {
  const bytes = Buffer.from(BigInt64Array.of(BigInt(value)).buffer);
  return { name, type: 'int64', dims: [1], bytes };
}

function floatType(type: Tensor['type']): FloatType {
  return type === 'float16' ? type : 'float32';
}
