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

  /** Keeps only the given live rows (positions in the current order); a row may repeat. */
  keepRows(rows: readonly number[]): void;

  /**
   * Row i goes on from what row `parents[i]` has read. Both must belong to the same encoder input:
   * what was made of that is not moved, which is cheaper than `keepRows`.
   */
  reorderRows(parents: readonly number[]): void;
}
