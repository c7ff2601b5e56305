/**
 * Operators of ONNX that layers are made of, one function each. They are not differentiated; shapes are
 * followed as far as names of sizes allow.
 */

import type { GraphBuilder, OperatorDescription } from '../graph-builder/graph-builder.ts';
import { DATA_TYPES, type DataType, MICROSOFT } from '../graph-builder/onnx-model.ts';
import {
  broadcastShape,
  type Dimension,
  type ElementType,
  type Value,
} from '../graph-builder/value.ts';

type Shape = readonly Dimension[];
type Attributes = NonNullable<OperatorDescription['attributes']>;

function one(
  g: GraphBuilder,
  kind: string,
  inputs: readonly (Value | null)[],
  output: { readonly shape: Shape; readonly type?: ElementType },
  attributes: Attributes = {},
): Value {
  return first(g.operator({ kind, inputs, outputs: [output], attributes }));
}

/** One of ONNX Runtime's own. */
export function fused(
  g: GraphBuilder,
  kind: string,
  inputs: readonly (Value | null)[],
  shape: Shape,
  attributes: Attributes = {},
): Value {
  return first(g.operator({ kind, domain: MICROSOFT, inputs, outputs: [{ shape }], attributes }));
}

export function first([value]: readonly Value[]): Value {
  if (value === undefined) throw new Error('The operator has no output.');
  return value;
}

export function sum(g: GraphBuilder, a: Value, b: Value): Value {
  return one(g, 'Add', [a, b], { type: a.type, shape: broadcastShape(a.shape, b.shape) });
}

export function times(g: GraphBuilder, a: Value, b: Value): Value {
  return one(g, 'Mul', [a, b], { shape: broadcastShape(a.shape, b.shape) });
}

/** @param a [… M, K] @param b [… K, N] */
export function product(g: GraphBuilder, a: Value, b: Value): Value {
  const shape = [...a.shape.slice(0, -1), b.shape.at(-1) ?? 1];
  return one(g, 'MatMul', [a, b], { shape });
}

/** @param size whole numbers; 0 keeps the size of that axis, −1 is what is left */
export function reshaped(
  g: GraphBuilder,
  x: Value,
  size: Value | readonly number[],
  shape: Shape,
): Value {
  const target = 'name' in size ? size : g.int64(size);
  return one(g, 'Reshape', [x, target], { type: x.type, shape });
}

/** One more axis, of size 1, before the others. */
export function inFront(g: GraphBuilder, x: Value): Value {
  return one(g, 'Unsqueeze', [x, g.int64([0])], { type: x.type, shape: [1, ...x.shape] });
}

export function transposed(g: GraphBuilder, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  return one(g, 'Transpose', [x], { type: x.type, shape }, { perm });
}

export function softmax(g: GraphBuilder, x: Value): Value {
  return one(g, 'Softmax', [x], { shape: x.shape }, { axis: -1 });
}

export function relu(g: GraphBuilder, x: Value): Value {
  return one(g, 'Relu', [x], { shape: x.shape });
}

export function gathered(g: GraphBuilder, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return one(g, 'Gather', [x, indices], { type: x.type, shape }, { axis });
}

export function cast(g: GraphBuilder, x: Value, type: ElementType): Value {
  const to: DataType = type === 'real' ? 'float32' : type;
  return one(g, 'Cast', [x], { type, shape: x.shape }, { to: DATA_TYPES[to] });
}

/** Sizes of the axes `from` to `to`, int64. */
export function sizes(g: GraphBuilder, x: Value, from: number, to: number): Value {
  const all = one(g, 'Shape', [x], { type: 'int64', shape: [x.shape.length] });
  return slice(g, all, g.int64([from]), g.int64([to]), to - from);
}

/** Of the first axis. @param start int64 [1] @param end int64 [1] */
export function slice(g: GraphBuilder, x: Value, start: Value, end: Value, size: Dimension): Value {
  const shape = [size, ...x.shape.slice(1)];
  return one(g, 'Slice', [x, start, end, g.int64([0])], { type: x.type, shape });
}

export function concatenated(g: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const [{ type, shape } = { type: 'real' as const, shape: [] }] = parts;
  const total = parts.map((part) => part.shape[axis] ?? 1);
  const along = total.every((size) => typeof size === 'number')
    ? total.reduce((all, size) => all + Number(size), 0)
    : 'concatenated';
  return one(
    g,
    'Concat',
    parts,
    { type, shape: shape.map((size, i) => (i === axis ? along : size)) },
    { axis },
  );
}

/** Parts of equal size along the last axis. */
export function split(g: GraphBuilder, x: Value, parts: number): readonly Value[] {
  const width = Number(x.shape.at(-1)) / parts;
  const output = { type: x.type, shape: [...x.shape.slice(0, -1), width] };
  const lengths = g.int64(new Array<number>(parts).fill(width));
  return g.operator({
    kind: 'Split',
    inputs: [x, lengths],
    outputs: new Array<typeof output>(parts).fill(output),
    attributes: { axis: -1 },
  });
}

export function difference(g: GraphBuilder, a: Value, b: Value): Value {
  return one(g, 'Sub', [a, b], { type: a.type, shape: broadcastShape(a.shape, b.shape) });
}

/** Whole numbers `from`, `from` + 1, … before `end`; both int64 []. */
export function range(g: GraphBuilder, from: Value, end: Value, size: Dimension): Value {
  const step = reshaped(g, g.int64([1]), [], []);
  return one(g, 'Range', [from, end, step], { type: 'int64', shape: [size] });
}

/** Whole numbers, none beyond ± `most`. */
export function clipped(g: GraphBuilder, x: Value, most: number): Value {
  const bound = (value: number) => reshaped(g, g.int64([value]), [], []);
  return one(g, 'Clip', [x, bound(-most), bound(most)], { type: x.type, shape: x.shape });
}

/** Largest absolute value of every row: [rows, K] → [rows, 1]. */
export function largest(g: GraphBuilder, x: Value): Value {
  const magnitude = one(g, 'Abs', [x], { shape: x.shape });
  const shape = [...x.shape.slice(0, -1), 1];
  return one(g, 'ReduceMax', [magnitude], { shape }, { axes: [-1], keepdims: 1 });
}

/**
 * Rows [rows, K] in 8 bits without a sign.
 *
 * @param scale [rows]
 * @param zeroPoint uint8 [rows]
 */
export function quantisedRows(g: GraphBuilder, x: Value, scale: Value, zeroPoint: Value): Value {
  const output = { type: 'uint8' as const, shape: x.shape };
  return one(g, 'QuantizeLinear', [x, scale, zeroPoint], output, { axis: 0 });
}

export function expanded(g: GraphBuilder, x: Value, size: Value, shape: Shape): Value {
  return one(g, 'Expand', [x, size], { type: x.type, shape });
}

/** @param attributes strides and pads of a convolution along one axis */
export function convolution(
  g: GraphBuilder,
  x: Value,
  [weight, bias]: readonly [Value, Value],
  attributes: { readonly strides: readonly number[]; readonly pads: readonly number[] },
  shape: Shape,
): Value {
  return one(g, 'Conv', [x, weight, bias], { shape }, attributes);
}
