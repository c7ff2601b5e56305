/**
 * The one description of a checkpoint, whatever file it came from: tensors under Hugging Face's names,
 * in Hugging Face's shapes, read when they are asked for. Readers make it, builders of graphs take it.
 */

/** One tensor. */
export interface Weight {
  /** As `transformers` names it: `model.encoder.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
  /** Row-major; a linear layer is [out, in], a scalar []. */
  readonly shape: readonly number[];
  /**
   * The narrowest type that holds every value of the source exactly. bfloat16 and quantised sources are
   * float32 here.
   */
  readonly precision: 'float16' | 'float32';
  /**
   * Rows `from` to `to` (exclusive) of the first axis, row-major; the elements of a vector are its rows, a
   * scalar is one row. Nothing is kept: a second call reads again.
   *
   * @throws VeerError MODEL_FILE_DAMAGED where the file ends before them
   */
  readRows(from: number, to: number): Promise<Float32Array>;
}

/** The tensors of a checkpoint by name. Whoever opened it closes it. */
export interface WeightTable {
  readonly weights: ReadonlyMap<string, Weight>;
  /** Closes the files. */
  close(): Promise<void>;
}
