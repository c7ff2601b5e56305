/** Damages files on purpose: what a reader must answer with a named error, or read after all. */

import { VeerError } from '../../contract/errors.ts';
import { type ByteSource, bytesInMemory } from './byte-source.ts';
import type { WeightTable } from './weight-table.ts';

/** Numbers from 0 up to, and without, `below`, the same for the same seed. */
type Random = (below: number) => number;

/** mulberry32 */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const LIES = [0, 1, 2, 3, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function mutated(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  // heads hold what readers go by, so half of the damage is there
  const place = (): number => random(random(2) === 0 ? Math.min(1024, copy.length) : copy.length);
  switch (random(5)) {
    case 0:
      return copy.subarray(0, place());
    case 1: {
      const at = place();
      return Buffer.concat([copy.subarray(0, at), Buffer.from([random(256)]), copy.subarray(at)]);
    }
    case 2: {
      const at = Math.min(place(), copy.length - 4);
      copy.writeUInt32LE(LIES[random(LIES.length)] ?? 0, at);
      return copy;
    }
    default:
      for (let i = random(4); i >= 0; i--) copy[place()] = random(256);
      return copy;
  }
}

/**
 * Opens damaged copies of a file, and reads the first and last rows of some weights of those that open.
 *
 * @returns how many could be read; all others gave a VeerError. Anything else is thrown
 */
export async function readMutations(
  original: Buffer,
  open: (source: ByteSource) => Promise<{ readonly weights: WeightTable }>,
  count: number,
): Promise<number> {
  const random = randomFrom(original.length);
  let read = 0;
  for (let i = 0; i < count; i++) {
    const source = bytesInMemory('damaged', mutated(original, random));
    try {
      const { weights } = await open(source);
      try {
        await readSome(weights, random);
      } finally {
        await weights.close();
      }
      read++;
    } catch (error) {
      if (!(error instanceof VeerError) || error.code === 'INTERNAL') throw error;
    }
  }
  return read;
}

async function readSome({ weights }: WeightTable, random: Random): Promise<void> {
  const all = [...weights.values()];
  for (let i = 0; i < 3; i++) {
    const weight = all[random(all.length)];
    const rows = weight?.shape[0] ?? 1;
    await weight?.readRows(0, Math.min(rows, 8));
    await weight?.readRows(Math.max(0, rows - 8), rows);
  }
}
