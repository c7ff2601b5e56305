/**
 * Where the variables of a CTranslate2 model belong in a checkpoint of Hugging Face, as data. One place is
 * one layer's module in the file; its name there may have an `{i}`, the layer.
 *
 * Sizes are numbers or names. A name stands for the same size wherever it is used, and what it was found to be
 * becomes known this way (`d_model`, `vocab_size`, …).
 */

/** A size of a tensor: fixed, or by a name that has one value in the whole model. */
export type Size = number | string;

/** One module of the file and the modules of the checkpoint that its rows are split into, in equal parts. */
export type Place =
  /**
   * `weight` [out, in] and `bias`; without a bias in the file there are zeros. Parts numbered in `unbiased`
   * have none in the checkpoint: theirs in the file must be zeros.
   */
  | {
      readonly kind: 'linear';
      readonly from: string;
      readonly to: readonly string[];
      readonly shape: readonly [Size, Size];
      readonly unbiased?: readonly number[];
    }
  /** `weight` [out, in] alone. */
  | {
      readonly kind: 'matrix';
      readonly from: string;
      readonly to: readonly string[];
      readonly shape: readonly [Size, Size];
    }
  /** `weight` [out, in, width] and `bias`. */
  | {
      readonly kind: 'convolution';
      readonly from: string;
      readonly to: string;
      readonly shape: readonly [Size, Size, Size];
    }
  /** `gamma` and `beta`. */
  | { readonly kind: 'norm'; readonly from: string; readonly to: string; readonly size: Size }
  /** `gamma` alone: a norm by the root mean square. */
  | { readonly kind: 'scale'; readonly from: string; readonly to: string; readonly size: Size }
  /** One variable by its full name. */
  | {
      readonly kind: 'table';
      readonly from: string;
      readonly to: string;
      readonly shape: readonly [Size, Size];
    };

/** The layers of an encoder or decoder of the BART shape, which Whisper, Marian, M2M100 and T5's cousins have. */
export interface Stack {
  /** `encoder` or `decoder`, in the file. */
  readonly from: string;
  /** Prefix of a layer in the checkpoint, with an `{i}`. */
  readonly to: string;
  readonly layer: readonly Place[];
}

function feedForward(ffn: string): readonly Place[] {
  return [
    { kind: 'norm', from: 'ffn/layer_norm', to: 'final_layer_norm', size: 'd_model' },
    { kind: 'linear', from: 'ffn/linear_0', to: ['fc1'], shape: [ffn, 'd_model'] },
    { kind: 'linear', from: 'ffn/linear_1', to: ['fc2'], shape: ['d_model', ffn] },
  ];
}

const square = ['d_model', 'd_model'] as const;

function selfAttention(keysUnbiased: boolean): readonly Place[] {
  const unbiased = keysUnbiased ? [1] : [];
  const to = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'];
  return [
    {
      kind: 'norm',
      from: 'self_attention/layer_norm',
      to: 'self_attn_layer_norm',
      size: 'd_model',
    },
    { kind: 'linear', from: 'self_attention/linear_0', to, shape: square, unbiased },
    { kind: 'linear', from: 'self_attention/linear_1', to: ['self_attn.out_proj'], shape: square },
  ];
}

function crossAttention(keysUnbiased: boolean): readonly Place[] {
  const unbiased = keysUnbiased ? [0] : [];
  const to = ['encoder_attn.k_proj', 'encoder_attn.v_proj'];
  return [
    { kind: 'norm', from: 'attention/layer_norm', to: 'encoder_attn_layer_norm', size: 'd_model' },
    { kind: 'linear', from: 'attention/linear_0', to: ['encoder_attn.q_proj'], shape: square },
    { kind: 'linear', from: 'attention/linear_1', to, shape: square, unbiased },
    { kind: 'linear', from: 'attention/linear_2', to: ['encoder_attn.out_proj'], shape: square },
  ];
}

/** @param keysUnbiased Whisper's projections of keys have no bias */
export function bartStacks(keysUnbiased: boolean): readonly Stack[] {
  return [
    {
      from: 'encoder',
      to: 'model.encoder.layers.{i}',
      layer: [...selfAttention(keysUnbiased), ...feedForward('encoder_ffn_dim')],
    },
    {
      from: 'decoder',
      to: 'model.decoder.layers.{i}',
      layer: [
        ...selfAttention(keysUnbiased),
        ...crossAttention(keysUnbiased),
        ...feedForward('decoder_ffn_dim'),
      ],
    },
  ];
}

export const WHISPER_PLACES: readonly Place[] = [
  {
    kind: 'convolution',
    from: 'encoder/conv1',
    to: 'model.encoder.conv1',
    shape: ['d_model', 'num_mel_bins', 3],
  },
  {
    kind: 'convolution',
    from: 'encoder/conv2',
    to: 'model.encoder.conv2',
    shape: ['d_model', 'd_model', 3],
  },
  {
    kind: 'table',
    from: 'encoder/position_encodings/encodings',
    to: 'model.encoder.embed_positions.weight',
    shape: ['max_source_positions', 'd_model'],
  },
  { kind: 'norm', from: 'encoder/layer_norm', to: 'model.encoder.layer_norm', size: 'd_model' },
  {
    kind: 'table',
    from: 'decoder/embeddings/weight',
    to: 'model.decoder.embed_tokens.weight',
    shape: ['vocab_size', 'd_model'],
  },
  {
    kind: 'table',
    from: 'decoder/position_encodings/encodings',
    to: 'model.decoder.embed_positions.weight',
    shape: ['max_target_positions', 'd_model'],
  },
  { kind: 'norm', from: 'decoder/layer_norm', to: 'model.decoder.layer_norm', size: 'd_model' },
];

const inner = ['inner', 'd_model'] as const;
const outer = ['d_model', 'inner'] as const;

const T5_SELF_ATTENTION: readonly Place[] = [
  {
    kind: 'scale',
    from: 'self_attention/layer_norm',
    to: 'layer.0.layer_norm',
    size: 'd_model',
  },
  {
    kind: 'matrix',
    from: 'self_attention/linear_0',
    to: ['layer.0.SelfAttention.q', 'layer.0.SelfAttention.k', 'layer.0.SelfAttention.v'],
    shape: inner,
  },
  {
    kind: 'matrix',
    from: 'self_attention/linear_1',
    to: ['layer.0.SelfAttention.o'],
    shape: outer,
  },
];

const T5_CROSS_ATTENTION: readonly Place[] = [
  { kind: 'scale', from: 'attention/layer_norm', to: 'layer.1.layer_norm', size: 'd_model' },
  {
    kind: 'matrix',
    from: 'attention/linear_0',
    to: ['layer.1.EncDecAttention.q'],
    shape: inner,
  },
  {
    kind: 'matrix',
    from: 'attention/linear_1',
    to: ['layer.1.EncDecAttention.k', 'layer.1.EncDecAttention.v'],
    shape: inner,
  },
  {
    kind: 'matrix',
    from: 'attention/linear_2',
    to: ['layer.1.EncDecAttention.o'],
    shape: outer,
  },
];

function t5FeedForward(sublayer: string, gated: boolean): readonly Place[] {
  const dense = `${sublayer}.DenseReluDense`;
  const up = ['d_ff', 'd_model'] as const;
  return [
    { kind: 'scale', from: 'ffn/layer_norm', to: `${sublayer}.layer_norm`, size: 'd_model' },
    {
      kind: 'matrix',
      from: 'ffn/linear_0',
      to: [gated ? `${dense}.wi_0` : `${dense}.wi`],
      shape: up,
    },
    ...(gated
      ? [
          {
            kind: 'matrix',
            from: 'ffn/linear_0_noact',
            to: [`${dense}.wi_1`],
            shape: up,
          } as const,
        ]
      : []),
    { kind: 'matrix', from: 'ffn/linear_1', to: [`${dense}.wo`], shape: ['d_model', 'd_ff'] },
  ];
}

/** @param gated the feed-forward network has a second, linear input that the first is multiplied with */
export function t5Stacks(gated: boolean): readonly Stack[] {
  return [
    {
      from: 'encoder',
      to: 'encoder.block.{i}',
      layer: [...T5_SELF_ATTENTION, ...t5FeedForward('layer.1', gated)],
    },
    {
      from: 'decoder',
      to: 'decoder.block.{i}',
      layer: [...T5_SELF_ATTENTION, ...T5_CROSS_ATTENTION, ...t5FeedForward('layer.2', gated)],
    },
  ];
}

export const T5_PLACES: readonly Place[] = [
  {
    kind: 'table',
    from: 'encoder/embeddings_0/weight',
    to: 'shared.weight',
    shape: ['vocab_size', 'd_model'],
  },
  {
    kind: 'table',
    from: 'encoder/layer_0/self_attention/relative_attention_bias',
    to: 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
    shape: ['relative_attention_num_buckets', 'num_heads'],
  },
  {
    kind: 'table',
    from: 'decoder/layer_0/self_attention/relative_attention_bias',
    to: 'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
    shape: ['relative_attention_num_buckets', 'num_heads'],
  },
  { kind: 'scale', from: 'encoder/layer_norm', to: 'encoder.final_layer_norm', size: 'd_model' },
  { kind: 'scale', from: 'decoder/layer_norm', to: 'decoder.final_layer_norm', size: 'd_model' },
];
