import type { TokenChoice } from './hypothesis.ts';

/**
 * What a search needs of a decoder: one step for all rows, dropping rows that are done, and moving
 * beams. Model families implement it; searches know nothing else about a model.
 */
export interface DecoderSession {
  /**
   * Advances every live row.
   *
   * @param tokens one list per live row, all of one length: the prompt at the first call, one
   *   token afterwards
   * @returns logits of the last position, [rows × vocabulary] row-major, the caller's to edit
   */
  step(tokens: readonly (readonly number[])[]): Promise<Float32Array>;

  /**
   * `step` for a search that reads no more than the most probable token of every row (the first of
   * equals); there where that is cheaper than all logits.
   *
   * @param forbidden ids that must not be chosen, and have no probability
   */
  mostProbable?(
    tokens: readonly (readonly number[])[],
    forbidden: readonly number[],
  ): Promise<readonly TokenChoice[]>;

  /** Keeps only the given live rows (positions in the current order); a row may repeat. */
  keepRows(rows: readonly number[]): void;

  /**
   * Row i goes on from what row `parents[i]` has read. Both must belong to the same encoder input:
   * what was made of that is not moved, which is cheaper than `keepRows`.
   */
  reorderRows(parents: readonly number[]): void;

  /** Entries of the logits of one position; null or left out where only a run tells. */
  readonly vocabulary?: number | null;

  /**
   * Reads texts without keeping anything of them: what drafts need. Only before the first step; left
   * out by sessions that cannot.
   *
   * @param rows which rows, as for `keepRows`
   * @param tokens one list for each of them, all of one length; what stands behind a row's own
   *   tokens does not change what is computed for these
   * @returns logits of every position, [rows × length × vocabulary] row-major, the caller's to edit
   */
  peek?(rows: readonly number[], tokens: readonly (readonly number[])[]): Promise<Float32Array>;

  /** Frees what it holds; nothing can be asked of it afterwards. */
  dispose(): void;
}
