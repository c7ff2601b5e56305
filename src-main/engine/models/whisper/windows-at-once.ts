/** How many windows share a batch of Veer's own graphs: memory follows the batch, and time does not. */

/** More windows at once take more memory and no less time (docs/decisions/021-graphs-of-our-own.md). */
const MOST = 4;
/** Bytes that the windows of a batch may take. */
const BUDGET = 600_000_000;

/** Fields of config.json; those that only some folders need may be missing. */
interface Sizes {
  readonly d_model: number;
  readonly max_source_positions: number;
  readonly decoder_layers?: number | undefined;
  readonly encoder_ffn_dim?: number | undefined;
}

/**
 * Counted are float32 values per position: keys and values of the cross-attention (in ONNX Runtime, and as
 * they are fed again), and about twelve hidden states and three inner ones of a feed-forward network while a
 * window is encoded.
 *
 * @returns at least 1
 */
export function windowsAtOnce({
  d_model: size,
  max_source_positions: positions,
  decoder_layers: layers = 0,
  encoder_ffn_dim: inner = 4 * size,
}: Sizes): number {
  const values = 4 * layers * size + 12 * size + 3 * inner;
  return Math.max(1, Math.min(MOST, Math.floor(BUDGET / (4 * positions * values))));
}
