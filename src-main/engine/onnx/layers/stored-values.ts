/** Values of a checkpoint as constants of a graph, read when the graph is written. */

import { float16Bits } from '../float16.ts';
import type { GraphBuilder, StoredConstant } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import type { MatrixSource } from './matrix.ts';
import { cast } from './operators.ts';

/** Values that are read at once, at most. */
const CHUNK = 2 ** 20;
/** Rows of a tile. */
const TILE = 64;

export type StoredType = 'float32' | 'float16';

/** Parts of a matrix in their order. */
export async function* rowChunks({
  rows,
  columns,
  readRows,
}: Pick<MatrixSource, 'rows' | 'columns' | 'readRows'>): AsyncGenerator<{
  readonly from: number;
  readonly values: Float32Array;
}> {
  const step = Math.max(1, Math.floor(CHUNK / Math.max(1, columns)));
  for (let from = 0; from < rows; from += step) {
    yield { from, values: await readRows(from, Math.min(rows, from + step)) };
  }
}

/** As it is, [rows, columns] or `dims`, float32 in the graph. */
export function storedRows(
  g: GraphBuilder,
  source: MatrixSource,
  type: StoredType,
  dims: readonly number[] = [source.rows, source.columns],
): Value {
  const chunks = async function* () {
    for await (const { values } of rowChunks(source)) yield bytesOf(values, type);
  };
  return real(g, { name: source.name, type, dims, chunks });
}

/** Its transpose [columns, rows], float32 in the graph. The whole of it is in memory while it is written. */
export function storedColumns(g: GraphBuilder, source: MatrixSource, type: StoredType): Value {
  const { rows, columns, name } = source;
  const chunks = async function* () {
    const out =
      type === 'float16' ? new Uint16Array(rows * columns) : new Float32Array(rows * columns);
    for await (const { from, values } of rowChunks(source)) {
      transposeInto(out, type === 'float16' ? float16Bits(values) : values, from, {
        rows,
        columns,
      });
    }
    yield new Uint8Array(out.buffer);
  };
  return real(g, { name, type, dims: [columns, rows], chunks });
}

/** Puts rows `from` and after of a matrix [rows, columns] in their places in its transpose. */
export function transposeInto(
  out: Float32Array | Uint16Array | Int8Array,
  values: Float32Array | Uint16Array | Int8Array,
  from: number,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void {
  const count = values.length / columns;
  // In tiles, so that neither reading nor writing jumps through memory at every value.
  for (let top = 0; top < count; top += TILE) {
    const bottom = Math.min(count, top + TILE);
    for (let column = 0; column < columns; column++) {
      const start = column * rows + from;
      for (let row = top; row < bottom; row++) {
        out[start + row] = values[row * columns + column] as number;
      }
    }
  }
}

function real(g: GraphBuilder, constant: StoredConstant): Value {
  const value = g.stored(constant);
  return constant.type === 'float16' ? cast(g, value, 'real') : value;
}

function bytesOf(values: Float32Array, type: StoredType): Uint8Array {
  const data = type === 'float16' ? float16Bits(values) : values;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
