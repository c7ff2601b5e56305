/** Tables of positions, learned or of sines; row p is position p of a text. */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import type { MatrixSource } from '../../onnx/layers/matrix.ts';
import { storedRows } from '../../onnx/layers/stored-values.ts';
import type { Checkpoint } from './checkpoint.ts';

/** How a family computes its sines. */
export interface Sines {
  /** Of the position of the first token. */
  readonly first: number;
  /** Of column j of D / 2: 10000 to the power of this is what a position is divided by. */
  readonly exponent: (column: number, half: number) => number;
}

/** Marian as `transformers` computes it (`MarianSinusoidalPositionalEmbedding`). */
export const MARIAN_SINES: Sines = { first: 0, exponent: (column, half) => column / half };
/** Fairseq's, for M2M100 and NLLB: two rows are for padding. */
export const FAIRSEQ_SINES: Sines = { first: 2, exponent: (column, half) => column / (half - 1) };

/** BART and what was made of it keep two rows before the first position, which nothing reads. */
const UNREAD_ROWS = 2;
/** A sine that was stored in float16 is this near, and a sine again. */
const HALF_PRECISION = 2 ** -10;
/** Rows that show whether a table is one of sines. */
const SHOWN = 16;

/**
 * float32 [positions, D] in the graph.
 *
 * @param sines null for a family that learns its positions
 * @throws VeerError MODEL_FILE_DAMAGED where a learned table is missing
 */
export function positionTable(
  g: GraphBuilder,
  checkpoint: Checkpoint,
  name: string,
  {
    positions,
    size,
    sines,
  }: {
    readonly positions: number;
    readonly size: number;
    readonly sines: Sines | null;
  },
): Value {
  if (sines !== null && !checkpoint.has(name)) {
    return storedRows(g, sineTable(name, positions, size, sines), 'float32');
  }
  const [rows = 0] = checkpoint.shape(name);
  const before = rows === positions + UNREAD_ROWS ? UNREAD_ROWS : 0;
  const all = checkpoint.matrix([name], rows, size);
  const stored: MatrixSource = {
    ...all,
    rows: rows - before,
    readRows: (from, to) => all.readRows(from + before, to + before),
  };
  if (sines === null) return storedRows(g, stored, 'float32');
  const computed = sineTable(name, stored.rows, size, sines);
  const readRows: MatrixSource['readRows'] = async (from, to) =>
    (await isNear(stored, computed)) ? computed.readRows(from, to) : stored.readRows(from, to);
  return storedRows(g, { ...stored, readRows }, 'float32');
}

async function isNear(stored: MatrixSource, computed: MatrixSource): Promise<boolean> {
  const shown = Math.min(SHOWN, stored.rows);
  const [have, want] = [await stored.readRows(0, shown), await computed.readRows(0, shown)];
  return have.every((value, i) => Math.abs(value - (want[i] ?? Number.NaN)) <= HALF_PRECISION);
}

function sineTable(name: string, rows: number, size: number, sines: Sines): MatrixSource {
  const half = size / 2;
  const divisors = Array.from({ length: half }, (_, j) => 10_000 ** sines.exponent(j, half));
  return {
    name,
    rows,
    columns: size,
    readRows: async (from, to) => {
      const values = new Float32Array((to - from) * size);
      for (let row = from; row < to; row++) {
        const start = (row - from) * size;
        for (const [j, divisor] of divisors.entries()) {
          const angle = (sines.first + row) / divisor;
          values[start + j] = Math.sin(angle);
          values[start + half + j] = Math.cos(angle);
        }
      }
      return values;
    },
  };
}
