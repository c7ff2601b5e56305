/**
 * Matrices in 4 bits, 32 weights of a row to a scale, as `MatMulNBits` reads them
 * (docs/ContribOperators.md of ONNX Runtime). Tables of tokens stay in 8 bits: they are looked up too, and
 * the vocabulary decides between tokens.
 */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import type { Activations, MatrixFormat, MatrixSource } from '../layers/matrix.ts';
import { fused } from '../layers/operators.ts';
import { rowChunks } from '../layers/stored-values.ts';
import { RowWiseInt8 } from './row-wise-int8.ts';

const BLOCK = 32;
const BITS = 4;
const MIDDLE = 8;
/** Activations are rounded to 8 bits: without it the product is slower than in float32. */
const WHOLE_NUMBERS = 4;

export class BlocksOfFourBits implements MatrixFormat {
  readonly others = 'float16';
  readonly #tables = new RowWiseInt8();

  ready(_: GraphBuilder, x: Value): Activations {
    return { values: x, scale: null };
  }

  product(g: GraphBuilder, { values }: Activations, matrix: MatrixSource): Value {
    const { rows, columns } = matrix;
    const { weights, scales } = inBlocks(g, matrix);
    const shape = [...values.shape.slice(0, 1), rows];
    return fused(g, 'MatMulNBits', [values, weights, scales], shape, {
      K: columns,
      N: rows,
      bits: BITS,
      block_size: BLOCK,
      accuracy_level: WHOLE_NUMBERS,
    });
  }

  vocabulary(g: GraphBuilder, { values }: Activations, table: MatrixSource): Value {
    return this.#tables.product(g, this.#tables.ready(g, values), table);
  }

  lookUp(g: GraphBuilder, table: MatrixSource, ids: Value): Value {
    return this.#tables.lookUp(g, table, ids);
  }
}

/** [N, K / 32, 16] with two weights to a byte, the first in the low half, and [N · K / 32] scales. */
function inBlocks(
  g: GraphBuilder,
  matrix: MatrixSource,
): { readonly weights: Value; readonly scales: Value } {
  const { name, rows, columns } = matrix;
  const blocks = Math.ceil(columns / BLOCK);
  const chunks = async function* () {
    for await (const { values } of rowChunks(matrix)) yield quantised(values, columns).bytes;
  };
  const scaleChunks = async function* () {
    for await (const { values } of rowChunks(matrix)) {
      yield new Uint8Array(quantised(values, columns).scales.buffer);
    }
  };
  return {
    weights: g.stored({ name, type: 'uint8', dims: [rows, blocks, BLOCK / 2], chunks }),
    scales: g.stored({
      name: `${name}_scale`,
      type: 'float32',
      dims: [rows * blocks],
      chunks: scaleChunks,
    }),
  };
}

/**
 * The value that is largest in magnitude becomes −8, whose side has one step more (as ggml's Q4_0).
 * A last block that is not full is filled with zeros.
 */
function quantised(
  values: Float32Array,
  columns: number,
): { readonly bytes: Uint8Array; readonly scales: Float32Array } {
  const blocks = Math.ceil(columns / BLOCK);
  const rows = values.length / columns;
  const bytes = new Uint8Array(rows * blocks * (BLOCK / 2));
  const scales = new Float32Array(rows * blocks);
  for (let at = 0; at < scales.length; at++) {
    const start = Math.floor(at / blocks) * columns + (at % blocks) * BLOCK;
    const end = Math.min(start + BLOCK, (Math.floor(at / blocks) + 1) * columns);
    let extreme = 0;
    for (let i = start; i < end; i++) {
      if (Math.abs(values[i] as number) > Math.abs(extreme)) extreme = values[i] as number;
    }
    const scale = extreme / -MIDDLE;
    scales[at] = scale;
    for (let i = 0; i < BLOCK; i++) {
      const value = start + i < end ? (values[start + i] as number) : 0;
      const whole = scale === 0 ? MIDDLE : Math.round(value / scale) + MIDDLE;
      const byte = at * (BLOCK / 2) + Math.floor(i / 2);
      bytes[byte] = (bytes[byte] as number) | (Math.min(15, whole) << (i % 2 === 0 ? 0 : 4));
    }
  }
  return { bytes, scales };
}
