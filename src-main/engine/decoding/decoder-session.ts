/**
 * What a search needs of a decoder: one step for all rows, and dropping rows that are done. Model
 * families implement it; searches know nothing else about a model.
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

  /** Keeps only the given live rows (positions in the current order). */
  keepRows(rows: readonly number[]): void;
}
