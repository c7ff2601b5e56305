/**
 * The configs of Whisper that formats other than Hugging Face's do not have.
 */

import { generationOfWhisper } from '../../model-folder/derive-generation.ts';
import { tokenIds } from '../../model-folder/read-folder.ts';
import { publishedAlignmentHeads } from './alignment-heads.ts';
import type { Fields } from './source-model.ts';

/** What a source says itself. */
export interface WhisperStated {
  /** Null: those that OpenAI suppresses, found in the tokenizer. */
  readonly suppressTokens: readonly number[] | null;
  readonly beginSuppressTokens: readonly number[] | null;
  /** Null: those that OpenAI published for a model of this size. */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[] | null;
}

/** Of a source that says none of it. */
export const UNSTATED: WhisperStated = {
  suppressTokens: null,
  beginSuppressTokens: null,
  alignmentHeads: null,
};

export interface WhisperFields {
  readonly config: Fields;
  readonly generation: Fields;
  readonly preprocessor: Fields;
  readonly notes: readonly string[];
}

const SAMPLING_RATE = 16_000;
const HOP_LENGTH = 160;
const FFT_LENGTH = 400;
/** Frames of one encoder position. */
const STRIDE = 2;

/**
 * @param config fields that follow from the weights: sizes, no ids
 * @param name of the file or folder
 */
export function whisperFields(
  config: Fields,
  tokenizer: { readonly tokenizer: object; readonly config: object },
  stated: WhisperStated,
  name: string,
): WhisperFields {
  const ids = tokenIds({ ...tokenizer.tokenizer });
  const derived = generationOfWhisper(config, ids);
  const start = derived['decoder_start_token_id'];
  const end = derived['eos_token_id'];
  const special = { bos_token_id: end, eos_token_id: end, pad_token_id: end };
  const heads = stated.alignmentHeads ?? publishedHeads(config, derived, name);
  const previous = ids.get('<|startofprev|>');
  return {
    config: { ...config, is_encoder_decoder: true, decoder_start_token_id: start, ...special },
    generation: {
      ...derived,
      ...special,
      suppress_tokens: stated.suppressTokens ?? suppressedByOpenAi(derived, ids),
      ...(stated.beginSuppressTokens && { begin_suppress_tokens: stated.beginSuppressTokens }),
      ...(heads.length > 0 && { alignment_heads: heads }),
      ...(previous !== undefined && { prev_sot_token_id: previous }),
      return_timestamps: false,
    },
    preprocessor: preprocessorOf(config),
    notes: [
      'generation_config.json and preprocessor_config.json were derived from the weights and the tokenizer.',
      ...(heads.length > 0
        ? []
        : [
            'Which attention heads follow the speech is not known of this model, so it gives no times of words.',
          ]),
    ],
  };
}

/** Not suppressed by OpenAI's code, which never meets them after the prompt. */
const PROMPT_TOKEN = /^<\|([a-z]{2,3}|notimestamps)\|>$/;

function suppressedByOpenAi(derived: Fields, ids: ReadonlyMap<string, number>): readonly number[] {
  const list = derived['suppress_tokens'];
  const prompt = new Set([...ids].flatMap(([token, id]) => (PROMPT_TOKEN.test(token) ? [id] : [])));
  return Array.isArray(list) ? list.filter((id) => typeof id === 'number' && !prompt.has(id)) : [];
}

/** The values of all of OpenAI's models, for windows of the length that the weights say (30 s). */
function preprocessorOf(config: Fields): Fields {
  const frames = STRIDE * numberOf(config['max_source_positions']);
  return {
    feature_extractor_type: 'WhisperFeatureExtractor',
    processor_class: 'WhisperProcessor',
    feature_size: config['num_mel_bins'],
    sampling_rate: SAMPLING_RATE,
    hop_length: HOP_LENGTH,
    n_fft: FFT_LENGTH,
    chunk_length: (frames * HOP_LENGTH) / SAMPLING_RATE,
    n_samples: frames * HOP_LENGTH,
    nb_max_frames: frames,
    padding_side: 'right',
    padding_value: 0,
    return_attention_mask: false,
  };
}

function publishedHeads(config: Fields, derived: Fields, name: string) {
  return publishedAlignmentHeads(
    {
      encoderLayers: numberOf(config['encoder_layers']),
      decoderLayers: numberOf(config['decoder_layers']),
      width: numberOf(config['d_model']),
      melBands: numberOf(config['num_mel_bins']),
      multilingual: derived['is_multilingual'] === true,
    },
    name,
  );
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
