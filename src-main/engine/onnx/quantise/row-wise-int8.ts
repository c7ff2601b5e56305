/**
 * Matrices in 8 bits whose rows do not touch each other: weights with one scale per output channel,
 * activations with one per row. A row gives bit for bit what it gives alone, whatever its batch.
 *
 * A row x is stored as round(x / s) + 128 with s = max|x| / 127, in uint8; the product with the constant
 * zero point 128 is one of whole numbers, and exact. Dynamic quantisation as ONNX defines it
 * (`DynamicQuantizeLinear`) has one scale for a whole batch instead.
 */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import type { Activations, MatrixFormat, MatrixSource } from '../layers/matrix.ts';
import {
  cast,
  expanded,
  fused,
  gathered,
  largest,
  quantisedRows,
  reshaped,
  sizes,
  times,
} from '../layers/operators.ts';
import { rowChunks, transposeInto } from '../layers/stored-values.ts';
import { columnsOf } from './float-format.ts';

const LARGEST = 127;
const ZERO_POINT = 128;

export class RowWiseInt8 implements MatrixFormat {
  readonly others = 'float16';

  ready(g: GraphBuilder, x: Value): Activations {
    const rows = x.shape.slice(0, 1);
    // A row of zeros has the scale 0; whatever its whole numbers are, it gives zeros.
    const scale = times(g, largest(g, x), g.real(1 / LARGEST));
    const scales = reshaped(g, scale, [-1], rows);
    const zeroPoints = expanded(g, zeroPoint(g), sizes(g, x, 0, 1), rows);
    return { values: quantisedRows(g, x, scales, zeroPoints), scale };
  }

  product(g: GraphBuilder, { values, scale }: Activations, matrix: MatrixSource): Value {
    const { weights, scales } = quantised(g, matrix);
    const inputs = [values, weights, g.real(1), scales, zeroPoint(g), null, null];
    const whole = fused(g, 'MatMulIntegerToFloat', inputs, [
      ...values.shape.slice(0, 1),
      matrix.rows,
    ]);
    return scale === null ? whole : times(g, whole, scale);
  }

  vocabulary(g: GraphBuilder, activations: Activations, table: MatrixSource): Value {
    return this.product(g, activations, table);
  }

  lookUp(g: GraphBuilder, table: MatrixSource, ids: Value): Value {
    const { weights, scales } = quantised(g, table);
    const own = reshaped(g, gathered(g, scales, ids, 0), [0, 0, 1], [...ids.shape, 1]);
    return times(g, cast(g, columnsOf(g, weights, ids), 'real'), own);
  }
}

function zeroPoint(g: GraphBuilder): Value {
  const chunks = async function* () {
    yield Uint8Array.of(ZERO_POINT);
  };
  return g.stored({ name: 'zero_point', type: 'uint8', dims: [], chunks });
}

/** [K, N] in int8 with [N] scales. */
function quantised(
  g: GraphBuilder,
  matrix: MatrixSource,
): { readonly weights: Value; readonly scales: Value } {
  const { name, rows, columns } = matrix;
  const chunks = async function* () {
    const out = new Int8Array(rows * columns);
    for await (const { from, values } of rowChunks(matrix)) {
      transposeInto(out, wholeNumbers(values, columns), from, matrix);
    }
    yield new Uint8Array(out.buffer);
  };
  const scaleChunks = async function* () {
    for await (const { values } of rowChunks(matrix)) {
      yield new Uint8Array(rowScales(values, columns).buffer);
    }
  };
  return {
    weights: g.stored({ name, type: 'int8', dims: [columns, rows], chunks }),
    scales: g.stored({ name: `${name}_scale`, type: 'float32', dims: [rows], chunks: scaleChunks }),
  };
}

function wholeNumbers(values: Float32Array, columns: number): Int8Array {
  const scales = rowScales(values, columns);
  const whole = new Int8Array(values.length);
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row] as number;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      whole[i] = Math.round((values[i] as number) / scale);
    }
  }
  return whole;
}

/** max|w| / 127 of every row; 1 for a row of zeros. */
function rowScales(values: Float32Array, columns: number): Float32Array {
  const scales = new Float32Array(values.length / columns);
  for (let row = 0; row < scales.length; row++) {
    let most = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const value = values[i] as number;
      if (value > most) most = value;
      else if (-value > most) most = -value;
    }
    scales[row] = most === 0 ? 1 : most / LARGEST;
  }
  return scales;
}
