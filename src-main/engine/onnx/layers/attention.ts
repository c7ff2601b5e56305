/**
 * Attention of several heads (Vaswani et al. 2017, arXiv 1706.03762). B rows, L positions that ask, T that
 * are looked at, H heads of size D / H.
 */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import { MICROSOFT } from '../graph-builder/onnx-model.ts';
import type { Dimension, Value } from '../graph-builder/value.ts';
import { fused, product, reshaped, softmax, sum, times, transposed } from './operators.ts';

/** Query, key and value, each [B, L, H · size]. */
export type Projections = readonly [query: Value, key: Value, value: Value];

export interface Heads {
  readonly heads: number;
  /** Of one head. */
  readonly size: number;
  /** What scores are multiplied by. */
  readonly scale: number;
}

export interface SelfAttention {
  /** [3 · H · size], added to the projections; null where there is none. */
  readonly bias: Value | null;
  /** int32 [B, L]: 0 where nothing may look; null where all may be looked at. */
  readonly mask: Value | null;
  /** [1 or B, H, L, T], added to the scores; null for none. */
  readonly scores: Value | null;
}

/** Less than every score: as PyTorch fills masked ones. */
const NEVER = -3.4028234663852886e38;

/** Among all positions of the encoder, in one operator that keeps no scores. */
export function encoderAttention(
  g: GraphBuilder,
  [query, key, value]: Projections,
  heads: Heads,
  { bias, mask, scores }: SelfAttention,
): Value {
  const inputs = [query, key, value, bias, mask, scores];
  return fused(g, 'MultiHeadAttention', inputs, query.shape, attributes(heads));
}

export interface DecoderAttention {
  /** [B, L, H · size] */
  readonly output: Value;
  /** [B, H, T, size], those of all tokens so far. */
  readonly keys: Value;
  readonly values: Value;
}

/**
 * Of tokens with those before them.
 *
 * @param past keys and values of the tokens before, [B, H, P, size] each
 * @param scores [1, H, L, P + L], added to the scores; null for none
 */
export function decoderAttention(
  g: GraphBuilder,
  [query, key, value]: Projections,
  heads: Heads,
  {
    bias,
    past,
    scores,
  }: {
    readonly bias: Value | null;
    readonly past: readonly [keys: Value, values: Value];
    readonly scores: Value | null;
  },
): DecoderAttention {
  const cache = (base: Value) => ({
    shape: base.shape.map((size, axis) => (axis === 2 ? 'tokens' : size)),
  });
  const [output, keys, values] = g.operator({
    kind: 'MultiHeadAttention',
    domain: MICROSOFT,
    inputs: [query, key, value, bias, null, scores, ...past],
    outputs: [{ shape: query.shape }, cache(past[0]), cache(past[1])],
    attributes: { ...attributes(heads), unidirectional: 1 },
  });
  if (!output || !keys || !values) throw new Error('Attention has three outputs.');
  return { output, keys, values };
}

function attributes({ heads, scale }: Heads) {
  return {
    num_heads: heads,
    scale: { float: scale },
    mask_filter_value: { float: NEVER },
  };
}

/**
 * Of tokens with the encoder output. Separate products are faster here than one operator: 1.3 and 2.0 ms
 * for 8 rows with the sizes of Whisper-tiny (docs/decisions/021-graphs-of-our-own.md). Only the weights of
 * one layer are in memory at a time.
 *
 * @param query [B, L, H · size]
 * @param keys [B, H, T, size]
 * @param values [B, H, T, size]
 * @param mask [B, 1, 1, T], added to the scores; null where all may be looked at
 * @param rows the shape [B, L, H · size] as int64 [3]
 */
export function crossAttention(
  g: GraphBuilder,
  {
    query,
    keys,
    values,
    mask,
    rows,
  }: {
    readonly query: Value;
    readonly keys: Value;
    readonly values: Value;
    readonly mask: Value | null;
    readonly rows: Value;
  },
  { heads, size, scale }: Heads,
): { readonly output: Value; readonly weights: Value } {
  const [batch = 'batch', length = 'length'] = query.shape;
  const apart: readonly Dimension[] = [batch, length, heads, size];
  // Scaled here: a product of one row has a kernel of its own only where its alpha is 1, three times as
  // fast; and the optimiser would move a factor that stands beside the product into its alpha.
  const scaled = scale === 1 ? query : times(g, query, g.real(scale));
  const asking = transposed(g, reshaped(g, scaled, [0, 0, heads, size], apart), [0, 2, 1, 3]);
  const positions = keys.shape[2] ?? 'positions';
  const scores = fused(g, 'FusedMatMul', [asking, keys], [batch, heads, length, positions], {
    transB: 1,
  });
  const weights = softmax(g, mask === null ? scores : sum(g, scores, mask));
  const together = transposed(g, product(g, weights, values), [0, 2, 1, 3]);
  return { output: reshaped(g, together, rows, query.shape), weights };
}
