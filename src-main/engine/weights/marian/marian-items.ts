/** The entries of a Marian model, whichever kind of file they are in, and weights made of them. */

import type { ByteSource } from '../byte-source.ts';
import { damaged, quoted } from '../byte-source.ts';
import { BYTES_OF, type NumberType, readNumbers } from '../decode-values.ts';
import type { Weight } from '../weight-table.ts';

/** One parameter. */
export interface MarianItem {
  /** As Marian names it: `encoder_l1_self_Wq`. */
  readonly name: string;
  /** As Marian gives it; a matrix is [in, out]. */
  readonly shape: readonly number[];
  readonly source: ByteSource;
  readonly type: NumberType;
  /** Bytes from the start of `source`. */
  readonly offset: number;
  readonly elements: number;
  /** The numbers lie as [out, in], whatever the shape says: intgemm's matrices but tables of embeddings. */
  readonly transposed: boolean;
  /** What the numbers were multiplied by before rounding; 1 where they were not. */
  readonly multiplier: number;
}

/** The entries of one file, and its settings. Whoever opened it closes it. */
export interface MarianFile {
  readonly name: string;
  readonly items: ReadonlyMap<string, MarianItem>;
  /** Text of `special:model.yml`. */
  readonly yml: string;
  close(): Promise<void>;
}

/** Numbers of a matrix read at a time while it is transposed. */
const AT_A_TIME = 1 << 20;

/** A table whose rows lie as they are wanted, or a vector. */
export function weightOfItem(item: MarianItem, name: string, shape: readonly number[]): Weight {
  const rows = shape[0] ?? 1;
  const width = item.elements / rows;
  return {
    name,
    shape,
    precision: precisionOf(item),
    async readRows(from, to) {
      checkRows(item, from, to, rows);
      return readElements(item, from * width, (to - from) * width);
    },
  };
}

/** A matrix [in, out] as a linear layer's weight [out, in]. */
export function weightOfMatrix(item: MarianItem, name: string): Weight {
  const [inner = 0, outer = 0] = item.shape;
  if (item.transposed) return weightOfItem(item, name, [outer, inner]);
  return {
    name,
    shape: [outer, inner],
    precision: precisionOf(item),
    async readRows(from, to) {
      checkRows(item, from, to, outer);
      const values = new Float32Array((to - from) * inner);
      const step = Math.max(1, Math.floor(AT_A_TIME / outer));
      for (let first = 0; first < inner; first += step) {
        const count = Math.min(step, inner - first);
        const part = await readElements(item, first * outer, count * outer);
        for (let row = from; row < to; row++) {
          const start = (row - from) * inner + first;
          for (let i = 0; i < count; i++) values[start + i] = part[i * outer + row] ?? 0;
        }
      }
      return values;
    },
  };
}

async function readElements(item: MarianItem, first: number, count: number): Promise<Float32Array> {
  const offset = item.offset + first * BYTES_OF[item.type];
  const values = await readNumbers(item.source, item.type, offset, count);
  const { multiplier } = item;
  if (multiplier !== 1) {
    for (let i = 0; i < count; i++) values[i] = (values[i] ?? 0) / multiplier;
  }
  return values;
}

function precisionOf({ type }: MarianItem): Weight['precision'] {
  return type === 'float16' ? 'float16' : 'float32';
}

function checkRows(item: MarianItem, from: number, to: number, rows: number): void {
  if (Number.isSafeInteger(from) && from >= 0 && from <= to && to <= rows) return;
  throw damaged(item.source.name, `${quoted(item.name)} has no rows ${from} to ${to}`);
}
