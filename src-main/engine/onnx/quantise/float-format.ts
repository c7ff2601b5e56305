/** Matrices in float32, or stored in float16 and widened when the graph is opened. */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import type { Activations, MatrixFormat, MatrixSource } from '../layers/matrix.ts';
import { gathered, product, transposed } from '../layers/operators.ts';
import { storedColumns, storedRows } from '../layers/stored-values.ts';

export class FloatFormat implements MatrixFormat {
  readonly #type: 'float32' | 'float16';

  /** float16 loses nothing where the checkpoint is in float16; arithmetic is float32 in both. */
  constructor(type: 'float32' | 'float16') {
    this.#type = type;
  }

  get others(): 'float32' | 'float16' {
    return this.#type;
  }

  ready(_: GraphBuilder, x: Value): Activations {
    return { values: x, scale: null };
  }

  product(g: GraphBuilder, { values }: Activations, matrix: MatrixSource): Value {
    return product(g, values, storedColumns(g, matrix, this.#type));
  }

  vocabulary(g: GraphBuilder, activations: Activations, table: MatrixSource): Value {
    return this.product(g, activations, table);
  }

  lookUp(g: GraphBuilder, table: MatrixSource, ids: Value, isVocabulary: boolean): Value {
    return isVocabulary
      ? columnsOf(g, storedColumns(g, table, this.#type), ids)
      : gathered(g, storedRows(g, table, this.#type), ids, 0);
  }
}

/** Columns of [K, N] by ids, as rows: [… ids, K]. */
export function columnsOf(g: GraphBuilder, table: Value, ids: Value): Value {
  const rank = ids.shape.length;
  const order = Array.from({ length: rank + 1 }, (_, axis) => (axis + 1) % (rank + 1));
  return transposed(g, gathered(g, table, ids, 1), order);
}
