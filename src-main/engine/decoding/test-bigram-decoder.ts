/** A tiny decoder whose logits depend on the input and the token before, and all it can write. */

import type { DecoderSession } from './decoder-session.ts';

export const END = 0;
export const VOCABULARY = 4;

/** Logits [token before][token] of one input. */
export type Table = readonly (readonly number[])[];

export class BigramDecoder implements DecoderSession {
  readonly batchSizes: number[] = [];
  /** Of every row: the table of its input, and the token that its "cache" ends with. */
  #rows: readonly { readonly table: Table; readonly written: readonly number[] }[];

  constructor(inputs: readonly Table[]) {
    this.#rows = inputs.map((table) => ({ table, written: [] }));
  }

  step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    this.batchSizes.push(tokens.length);
    this.#rows = this.#rows.map(({ table, written }, r) => {
      return { table, written: [...written, ...(tokens[r] ?? [])] };
    });
    // The token before last counts a little: a row that was moved wrongly shows.
    const logits = this.#rows.flatMap(({ table, written }) => nextLogits(table, written));
    return Promise.resolve(Float32Array.from(logits));
  }

  keepRows(rows: readonly number[]): void {
    this.#rows = rows.flatMap((row) => this.#rows[row] ?? []);
  }

  reorderRows(parents: readonly number[]): void {
    const moved = parents.flatMap((parent) => this.#rows[parent] ?? []);
    if (moved.some(({ table }, i) => table !== this.#rows[i]?.table)) {
      throw new Error('A row was moved to another input.');
    }
    this.#rows = moved;
  }

  dispose(): void {
    this.#rows = [];
  }
}

function nextLogits(table: Table, written: readonly number[]): readonly number[] {
  const [before = 0, last = 0] = written.length > 1 ? written.slice(-2) : [0, ...written];
  return (table[last] ?? []).map((logit, id) => logit + 0.1 * before * (id - 1.5));
}

interface Sequence {
  readonly tokenIds: readonly number[];
  readonly score: number;
}

/** All sequences of at most `most` tokens, each ended or cut at the limit, by descending score. */
export function bestSequences(
  table: Table,
  start: number,
  most: number,
  lengthPenalty: number,
): readonly Sequence[] {
  const found: Sequence[] = [];
  const visit = (tokenIds: readonly number[], sum: number) => {
    const logits = nextLogits(table, [start, ...tokenIds]);
    const total = Math.log(logits.reduce((all, logit) => all + Math.exp(logit), 0));
    logits.forEach((logit, id) => {
      const length = tokenIds.length + 1;
      const next = sum + logit - total;
      const score = next / length ** lengthPenalty;
      if (id === END) found.push({ tokenIds, score });
      else if (length === most) found.push({ tokenIds: [...tokenIds, id], score });
      else visit([...tokenIds, id], next);
    });
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}
