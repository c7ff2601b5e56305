/** Sizes of a batch in a graph, for putting rows that were side by side back into it. */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Dimension, Value } from '../../onnx/graph-builder/value.ts';
import { concatenated, reshaped, sizes } from '../../onnx/layers/operators.ts';

export class BatchShape {
  readonly #g: GraphBuilder;
  readonly #sizes: Value;
  readonly #dims: readonly [rows: Dimension, length: Dimension];
  readonly #shapes = new Map<number, Value>();

  /** @param like [B, L] or [B, L, …] */
  constructor(g: GraphBuilder, like: Value) {
    this.#g = g;
    this.#sizes = sizes(g, like, 0, 2);
    this.#dims = [like.shape[0] ?? 'batch', like.shape[1] ?? 'length'];
  }

  /** int64 [3]: B, L and `width`. */
  withWidth(width: number): Value {
    const known = this.#shapes.get(width);
    if (known !== undefined) return known;
    const g = this.#g;
    const shape = concatenated(g, [this.#sizes, g.int64([width])], 0);
    this.#shapes.set(width, shape);
    return shape;
  }

  /** [B · L, width] → [B, L, width] */
  inBatch(x: Value): Value {
    const width = Number(x.shape.at(-1));
    return reshaped(this.#g, x, this.withWidth(width), [...this.#dims, width]);
  }

  /** [B, L, width] → [B · L, width] */
  inRows(x: Value): Value {
    const width = Number(x.shape.at(-1));
    return reshaped(this.#g, x, [-1, width], ['rows', width]);
  }
}
