/** Sums over axes, and the stretching that undoes a sum: each is the other's derivative. */

import type { GraphBuilder } from '../../graph-builder/graph-builder.ts';
import { axesOf, type Dimension, sameShape, type Value } from '../../graph-builder/value.ts';
import { reshape } from './reshape.ts';

/** Sum over `axes`, which stay with size 1. */
export function reduceSum(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const summed = axesOf(x, axes);
  return g.node({
    kind: 'ReduceSum',
    inputs: [x, g.int64(summed)],
    attributes: { keepdims: 1 },
    shape: x.shape.map((size, axis) => (summed.includes(axis) ? 1 : size)),
    derivatives: [(upstream) => expandTo(g, upstream, x), null],
  });
}

/** `x` stretched to the shape of `like`. */
export function expandTo(g: GraphBuilder, x: Value, like: Value): Value {
  return g.node({
    kind: 'Expand',
    inputs: [x, shapeOf(g, like)],
    shape: like.shape,
    derivatives: [(upstream) => reduceTo(g, upstream, x.shape), null],
  });
}

/** Sums a gradient over the axes that broadcasting stretched, back to `shape`. */
export function reduceTo(g: GraphBuilder, x: Value, shape: readonly Dimension[]): Value {
  if (sameShape(x.shape, shape)) return x;
  const added = x.shape.length - shape.length;
  const stretched = x.shape.flatMap((size, axis) => {
    return axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [];
  });
  const sum = stretched.length === 0 ? x : reduceSum(g, x, stretched);
  return sameShape(sum.shape, shape) ? sum : reshape(g, sum, shape);
}

function shapeOf(g: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  return g.node({ kind: 'Shape', inputs: [x], type: 'int64', shape: [rank], derivatives: [null] });
}
