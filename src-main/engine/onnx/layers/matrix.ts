/**
 * Weight matrices of a graph: what a product with one, or a row of one, is in each number format. A format
 * is one object; layers know none of them.
 */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';

/** A matrix [rows, columns] of a checkpoint; a linear layer is [out, in]. */
export interface MatrixSource {
  /** Of the constant in the graph; one name is one matrix. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Rows `from` to `to` (exclusive), row-major. */
  readonly readRows: (from: number, to: number) => Promise<Float32Array>;
}

/** Activations [rows, K], made ready once for any number of products. */
export interface Activations {
  readonly values: Value;
  /** [rows, 1], where the values are whole numbers of it. */
  readonly scale: Value | null;
}

export interface MatrixFormat {
  /** @param x [rows, K] */
  ready(g: GraphBuilder, x: Value): Activations;
  /** [rows, K] by the transpose of a matrix [N, K]: [rows, N]. */
  product(g: GraphBuilder, activations: Activations, matrix: MatrixSource): Value;
  /**
   * The product with the table of all tokens. The table may be looked up too, and is then stored once:
   * as [K, N], whose columns are the tokens.
   */
  vocabulary(g: GraphBuilder, activations: Activations, table: MatrixSource): Value;
  /**
   * Rows of a table [N, K].
   *
   * @param ids int64 of any shape
   * @param isVocabulary the same table is a vocabulary here
   * @returns [… ids, K]
   */
  lookUp(g: GraphBuilder, table: MatrixSource, ids: Value, isVocabulary: boolean): Value;
  /** How other large weights are stored: convolutions and positions. */
  readonly others: 'float32' | 'float16';
}
