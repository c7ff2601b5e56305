/** CTranslate2's TransformerSpec with T5's relative positions, as a T5 checkpoint of Hugging Face. */

import { activationName, attentionHeads, type ConfigFields } from './config-fields.ts';
import type { ModelFile } from './model-file.ts';
import type { WeightPlacer } from './place-weights.ts';
import { T5_PLACES, t5Stacks } from './places.ts';
import { unsupported } from './unsupported.ts';

const BIAS = 'self_attention/relative_attention_bias';

/** The file is of T5's family: T5, mT5, Flan-T5, MADLAD. */
export function isT5(placer: WeightPlacer): boolean {
  return placer.has(`encoder/layer_0/${BIAS}`);
}

/**
 * Places all weights. `lm_head.weight` is left out where it is the embedding.
 *
 * @returns the fields of config.json that follow from the file
 */
export function placeT5(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  placer: WeightPlacer,
  epsilon: number | null,
): ConfigFields {
  const gated = placer.has('encoder/layer_0/ffn/linear_0_noact/weight');
  if (!placer.same('encoder/embeddings_0/weight', 'decoder/embeddings/weight')) {
    throw unsupported(file, 'T5 with two vocabularies');
  }
  placer.places(T5_PLACES);
  const [layers = 0, decoderLayers = 0] = t5Stacks(gated).map((stack) => placer.stack(stack));
  sameBias(file, placer, 'encoder', layers);
  sameBias(file, placer, 'decoder', decoderLayers);
  const width = placer.size('d_model');
  const inner = placer.size('inner');
  const heads = attentionHeads(file, scalars, 'encoder', inner);
  if (heads !== placer.size('num_heads'))
    throw unsupported(file, 'heads without relative positions');
  const tied = placer.same('decoder/projection/weight', 'decoder/embeddings/weight');
  if (!tied) placer.table('decoder/projection/weight', 'lm_head.weight', ['vocab_size', 'd_model']);
  return {
    model_type: 't5',
    architectures: ['T5ForConditionalGeneration'],
    d_model: width,
    d_kv: inner / heads,
    d_ff: placer.size('d_ff'),
    num_layers: layers,
    num_decoder_layers: decoderLayers,
    num_heads: heads,
    relative_attention_num_buckets: placer.size('relative_attention_num_buckets'),
    relative_attention_max_distance: maxDistance(file, scalars),
    ...feedForward(activationName(file, scalars), gated),
    vocab_size: placer.size('vocab_size'),
    tie_word_embeddings: tied && scalesOutputs(file, scalars, width),
    layer_norm_epsilon: epsilon ?? 1e-6,
    is_encoder_decoder: true,
  };
}

/** Every layer has the bias of the first, which is all that a T5 checkpoint has. */
function sameBias(file: ModelFile, placer: WeightPlacer, stack: string, layers: number): void {
  for (let i = 1; i < layers; i++) {
    const name = `${stack}/layer_${i}/${BIAS}`;
    if (placer.has(name) && !placer.same(name, `${stack}/layer_0/${BIAS}`)) {
      throw unsupported(file, 'relative positions of its own in every layer (umT5)');
    }
  }
}

function maxDistance(file: ModelFile, scalars: ReadonlyMap<string, number>): number {
  if (!scalars.has('encoder/layer_0/self_attention/queries_scale')) {
    throw unsupported(file, 'scaled queries');
  }
  const distances = new Set<number>();
  for (const [name, value] of scalars) {
    if (name.endsWith('/relative_attention_max_distance')) distances.add(value);
    if (name.endsWith('/queries_scale') && value !== 1) throw unsupported(file, 'scaled queries');
  }
  const [distance = 128, ...others] = distances;
  if (others.length > 0) throw unsupported(file, 'relative positions of several lengths');
  return distance;
}

/** `feed_forward_proj` cannot tell GELU from its approximation when gated, so both are said. */
function feedForward(activation: string, gated: boolean): ConfigFields {
  const gelu = activation === 'gelu_new' ? 'gelu' : activation;
  return {
    feed_forward_proj: gated ? `gated-${gelu}` : activation,
    dense_act_fn: activation,
    is_gated_act: gated,
  };
}

/**
 * A tied T5 divides the decoder's output by the square root of its width before the vocabulary. With
 * transformers 5 the converter writes this for untied ones, too (its config calls every T5 tied), where it is
 * wrong; so it counts for tied ones only.
 */
function scalesOutputs(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  width: number,
): boolean {
  const scale = scalars.get('decoder/scale_outputs') ?? 1;
  if (scale === 1) return false;
  if (Math.abs(scale * Math.sqrt(width) - 1) < 1e-3) return true;
  throw unsupported(file, `outputs that are multiplied by ${scale}`);
}
