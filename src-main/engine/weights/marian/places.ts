/**
 * Marian's parameters in a checkpoint of Hugging Face, as data. Marian counts layers from 1, Hugging Face from 0.
 *
 * A decoder of simple recurrent units (SSRU, the students of Firefox) has no counterpart there. Its names are
 * Veer's own, beside those of the layer's other parts, with d the width:
 * - `model.decoder.layers.{i}.rnn.weight` [d, d]: W, of the candidate x = W u
 * - `model.decoder.layers.{i}.rnn.forget.weight` [d, d], `….rnn.forget.bias` [d]: W_f and b_f, of the forget gate
 *   f = σ(W_f u + b_f)
 * - `model.decoder.layers.{i}.rnn_layer_norm.weight`, `….bias` [d]: the norm after the unit's residual connection
 * with c = f · c′ + (1 − f) · x, c′ = 0 at the start, and ReLU(c) as output.
 */

export type MarianPlace =
  /** `W` [in, out] and `b` [1, out]; the sizes are the model's width unless said. */
  | {
      readonly kind: 'linear';
      readonly weight: string;
      readonly bias: string | null;
      readonly to: string;
      readonly from?: 'feed-forward';
      readonly into?: 'feed-forward';
    }
  /** `_ln_scale`, `_ln_bias` [1, width], with `_pre` where the norm comes before. */
  | { readonly kind: 'norm'; readonly from: string; readonly to: string };

function attention(from: string, to: string, norm: string): readonly MarianPlace[] {
  const projections = [
    ['q', 'q_proj'],
    ['k', 'k_proj'],
    ['v', 'v_proj'],
    ['o', 'out_proj'],
  ] as const;
  return [
    ...projections.map(
      ([letter, name]) =>
        ({
          kind: 'linear',
          weight: `${from}_W${letter}`,
          bias: `${from}_b${letter}`,
          to: `${to}.${name}`,
        }) as const,
    ),
    { kind: 'norm', from: `${from}_Wo`, to: norm },
  ];
}

const FEED_FORWARD: readonly MarianPlace[] = [
  { kind: 'linear', weight: 'ffn_W1', bias: 'ffn_b1', to: 'fc1', into: 'feed-forward' },
  { kind: 'linear', weight: 'ffn_W2', bias: 'ffn_b2', to: 'fc2', from: 'feed-forward' },
  { kind: 'norm', from: 'ffn_ffn', to: 'final_layer_norm' },
];

const SELF = attention('self', 'self_attn', 'self_attn_layer_norm');
const CONTEXT = attention('context', 'encoder_attn', 'encoder_attn_layer_norm');

const SSRU: readonly MarianPlace[] = [
  { kind: 'linear', weight: 'rnn_W', bias: null, to: 'rnn' },
  { kind: 'linear', weight: 'rnn_Wf', bias: 'rnn_bf', to: 'rnn.forget' },
  { kind: 'norm', from: 'rnn_ffn', to: 'rnn_layer_norm' },
];

export const ENCODER_LAYER: readonly MarianPlace[] = [...SELF, ...FEED_FORWARD];

export const DECODER_LAYER = {
  'self-attention': [...SELF, ...CONTEXT, ...FEED_FORWARD],
  rnn: [...SSRU, ...CONTEXT, ...FEED_FORWARD],
} as const satisfies Readonly<Record<string, readonly MarianPlace[]>>;
