/** CTranslate2's WhisperSpec as a Whisper checkpoint of Hugging Face. */

import { attentionHeads, type ConfigFields } from './config-fields.ts';
import type { ModelFile } from './model-file.ts';
import type { WeightPlacer } from './place-weights.ts';
import { bartStacks, WHISPER_PLACES } from './places.ts';
import { unsupported } from './unsupported.ts';

/** GELU, as revision 3 numbers it and as those before it did. */
const GELU = [3, 1];

/**
 * Places all weights. `proj_out` is left out where it is the embedding, as it is in all of OpenAI's models.
 *
 * @returns the fields of config.json that follow from the file
 */
export function placeWhisper(
  file: ModelFile,
  scalars: ReadonlyMap<string, number>,
  placer: WeightPlacer,
): ConfigFields {
  if ((scalars.get('decoder/pre_norm') ?? 1) === 0)
    throw unsupported(file, 'norms after its layers');
  if ((scalars.get('decoder/scale_embeddings') ?? 0) !== 0) {
    throw unsupported(file, 'scaled embeddings');
  }
  if (!GELU.includes(scalars.get('decoder/activation') ?? 3)) {
    throw unsupported(file, 'another activation than GELU');
  }
  placer.places(WHISPER_PLACES);
  const [encoderLayers, decoderLayers] = bartStacks(true).map((stack) => placer.stack(stack));
  const tied = placer.same('decoder/projection/weight', 'decoder/embeddings/weight');
  if (!tied)
    placer.table('decoder/projection/weight', 'proj_out.weight', ['vocab_size', 'd_model']);
  return {
    model_type: 'whisper',
    architectures: ['WhisperForConditionalGeneration'],
    activation_function: 'gelu',
    d_model: placer.size('d_model'),
    encoder_layers: encoderLayers ?? 0,
    decoder_layers: decoderLayers ?? 0,
    encoder_attention_heads: attentionHeads(file, scalars, 'encoder', placer.size('d_model')),
    decoder_attention_heads: attentionHeads(file, scalars, 'decoder', placer.size('d_model')),
    encoder_ffn_dim: placer.size('encoder_ffn_dim'),
    decoder_ffn_dim: placer.size('decoder_ffn_dim'),
    num_mel_bins: placer.size('num_mel_bins'),
    max_source_positions: placer.size('max_source_positions'),
    max_target_positions: placer.size('max_target_positions'),
    vocab_size: placer.size('vocab_size'),
    scale_embedding: false,
    tie_word_embeddings: tied,
  };
}
