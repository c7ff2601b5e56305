/** A decoder whose logits depend on the row and on everything read so far, and a count of its runs. */

import type { DecoderSession } from './decoder-session.ts';

export const VOCABULARY = 6;

export class HashingDecoder implements DecoderSession {
  readonly vocabulary: number | null;
  readonly peeks: number[] = [];
  steps = 0;
  #rows: readonly { readonly seed: number; readonly read: readonly number[] }[];

  constructor(seeds: readonly number[], vocabulary: number | null = VOCABULARY) {
    this.vocabulary = vocabulary;
    this.#rows = seeds.map((seed) => ({ seed, read: [] }));
  }

  step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    this.steps++;
    this.#rows = this.#rows.map(({ seed, read }, r) => {
      return { seed, read: [...read, ...(tokens[r] ?? [])] };
    });
    return Promise.resolve(Float32Array.from(this.#rows.flatMap(logitsOf)));
  }

  peek(rows: readonly number[], tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    this.peeks.push(rows.length);
    const logits = rows.flatMap((row, r) => {
      const read = tokens[r] ?? [];
      const seed = this.#rows[row]?.seed ?? Number.NaN;
      return read.flatMap((_, i) => logitsOf({ seed, read: read.slice(0, i + 1) }));
    });
    return Promise.resolve(Float32Array.from(logits));
  }

  keepRows(rows: readonly number[]): void {
    this.#rows = rows.flatMap((row) => this.#rows[row] ?? []);
  }

  reorderRows(): void {
    throw new Error('Greedy search has no beams.');
  }

  dispose(): void {
    this.#rows = [];
  }
}

function logitsOf({ seed, read }: { readonly seed: number; readonly read: readonly number[] }) {
  const state = read.reduce((hash, token) => (hash * 31 + token + 7) % 10007, seed);
  return Array.from({ length: VOCABULARY }, (_, id) => ((state * (id + 3)) % 101) / 10);
}
