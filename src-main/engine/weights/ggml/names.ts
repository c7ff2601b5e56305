/** OpenAI's names of Whisper's tensors, the names of `transformers`, and the shapes. */

import type { Sizes } from './head.ts';

/** What a tensor of the file becomes. */
export interface Place {
  readonly name: string;
  /** [out, in], and [out, in, 3] for a convolution. */
  readonly shape: readonly Size[];
}

/** A number, or what the head does not say: the same in all layers of a stack. OpenAI's have 4 · width. */
type Size = number | FeedForward;
export type FeedForward = 'encoder_ffn_dim' | 'decoder_ffn_dim';

const ATTENTION = [
  ['query', 'q_proj', true],
  ['key', 'k_proj', false],
  ['value', 'v_proj', true],
  ['out', 'out_proj', true],
] as const;

/** Every tensor that a file must have, by OpenAI's name. The output projection is the embedding. */
export function placesOf(sizes: Sizes): ReadonlyMap<string, Place> {
  const { width, mels } = sizes;
  const places = new Map<string, Place>();
  const add = (from: string, name: string, shape: readonly Size[]) => {
    places.set(from, { name: `model.${name}`, shape });
  };
  const linear = (from: string, name: string, shape: readonly Size[], withBias = true) => {
    add(`${from}.weight`, `${name}.weight`, shape);
    if (withBias) add(`${from}.bias`, `${name}.bias`, shape.slice(0, 1));
  };
  const attention = (from: string, name: string) => {
    for (const [theirs, ours, withBias] of ATTENTION) {
      linear(`${from}.${theirs}`, `${name}.${ours}`, [width, width], withBias);
    }
    linear(`${from}_ln`, `${name}_layer_norm`, [width]);
  };
  const layer = (from: string, name: string, inner: FeedForward) => {
    attention(`${from}.attn`, `${name}.self_attn`);
    linear(`${from}.mlp.0`, `${name}.fc1`, [inner, width]);
    linear(`${from}.mlp.2`, `${name}.fc2`, [width, inner]);
    linear(`${from}.mlp_ln`, `${name}.final_layer_norm`, [width]);
  };

  linear('encoder.conv1', 'encoder.conv1', [width, mels, 3]);
  linear('encoder.conv2', 'encoder.conv2', [width, width, 3]);
  const positions = 'embed_positions.weight';
  add('encoder.positional_embedding', `encoder.${positions}`, [sizes.audioPositions, width]);
  for (let i = 0; i < sizes.encoderLayers; i++) {
    layer(`encoder.blocks.${i}`, `encoder.layers.${i}`, 'encoder_ffn_dim');
  }
  linear('encoder.ln_post', 'encoder.layer_norm', [width]);

  add('decoder.token_embedding.weight', 'decoder.embed_tokens.weight', [sizes.vocabulary, width]);
  add('decoder.positional_embedding', `decoder.${positions}`, [sizes.textPositions, width]);
  for (let i = 0; i < sizes.decoderLayers; i++) {
    layer(`decoder.blocks.${i}`, `decoder.layers.${i}`, 'decoder_ffn_dim');
    attention(`decoder.blocks.${i}.cross_attn`, `decoder.layers.${i}.encoder_attn`);
  }
  linear('decoder.ln', 'decoder.layer_norm', [width]);
  return places;
}
