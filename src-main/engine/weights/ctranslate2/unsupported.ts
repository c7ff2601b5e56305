/** What CTranslate2 models can have and this program cannot run, by the variables that show it. */

import { VeerError } from '../../../contract/errors.ts';
import { quoted } from '../byte-source.ts';
import type { ModelFile } from './model-file.ts';

/** Names of variables; the first that fits says why. */
const WEIGHTS: readonly (readonly [RegExp, string])[] = [
  [/\/relative_position_(keys|values)$/, 'relative positions that are added to keys and values'],
  [/\/relative_asymmetric_position_/, 'asymmetric relative positions'],
  [/\/rotary_/, 'rotary positions'],
  [/^encoder\/embeddings_[1-9]/, 'features beside the tokens of the source'],
  [/\/(q|k|v)_norm\//, 'norms of queries and keys'],
  [
    /\/(input|shared|pre_feedforward|post_\w+|external_\w+)_layer_norm\//,
    'norms around its layers',
  ],
  [/\/memory_kv\//, 'merged attention'],
  [/\/project_(in|out)\//, 'projections of its embeddings'],
  [/\/(experts?|router|moe)[_/]/, 'a mixture of experts'],
  [/\/weight_zero$/, 'AWQ weights'],
];

/** Scalars that mean nothing for the weights, or that are looked at elsewhere. */
const KNOWN_SCALARS = new RegExp(
  '(^|/)(num_heads|pre_norm|activation|alignment_layer|alignment_heads|embeddings_merge|scale_embeddings|' +
    'multiply_by_sqrt_depth|scale_outputs|start_from_zero_embedding|queries_scale|' +
    'alibi_use_positive_positions|relative_attention_max_distance|' +
    'with_(source|target)_(bos|eos)|user_decoder_start_tokens)$',
);

/** Scalars that change what a model computes, with what they stand for. Others are named as they are. */
const SCALARS: Readonly<Record<string, string>> = {
  alibi: 'linear biases instead of positions (ALiBi)',
  multi_query_attention: 'keys that its heads share',
  num_heads_kv: 'keys that its heads share',
  sliding_window: 'attention to a window',
  merged_encoder_attention: 'merged attention',
  final_logit_softcapping: 'capped logits',
};

/**
 * Refuses architectures by name.
 *
 * @throws VeerError MODEL_FAMILY_UNSUPPORTED
 */
export function refuseUnsupported(file: ModelFile, scalars: ReadonlyMap<string, number>): void {
  for (const name of file.variables.keys()) {
    const reason = WEIGHTS.find(([pattern]) => pattern.test(name))?.[1];
    if (reason !== undefined) throw unsupported(file, reason);
  }
  for (const [name, value] of scalars) {
    // a switch that is off
    if (value === 0 || KNOWN_SCALARS.test(name)) continue;
    const last = name.slice(name.lastIndexOf('/') + 1);
    throw unsupported(file, SCALARS[last] ?? `the setting ${quoted(name)}`);
  }
}

/** @param what a noun phrase: `rotary positions` */
export function unsupported(file: ModelFile, what: string): VeerError {
  return new VeerError(
    'MODEL_FAMILY_UNSUPPORTED',
    `${file.source.name} is of a kind that cannot be run here: it has ${what}. Use a Whisper, Marian, BART, ` +
      'M2M100, NLLB, OpenNMT or T5 model.',
  );
}
