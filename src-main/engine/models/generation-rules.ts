/**
 * Which logits processors run, and the token limit: what the search asks for, else what the model's
 * authors say in generation_config.json. The order is that of `_get_logits_processor` in Hugging
 * Face's transformers 5.
 */

import type { Search } from '../../contract/search.ts';
import { BadWords } from '../decoding/bad-words.ts';
import {
  ForcedTokens,
  type LogitsProcessor,
  MinLength,
  Renormalise,
  SuppressTokens,
  SuppressTokensAtBegin,
} from '../decoding/logits-processors.ts';
import { NoRepeatNgram, RepetitionPenalty } from '../decoding/repetition-processors.ts';
import { Temperature, TopK, TopP } from '../decoding/sampling-processors.ts';
import type { GenerationConfig } from './model-folder.ts';

export interface DecoderLimits {
  readonly promptLength: number;
  /** Positions that the decoder's embedding has; infinite for relative positions. */
  readonly decoderPositions: number;
}

export function generationProcessors(
  generation: GenerationConfig,
  search: Search,
  limits: DecoderLimits,
): readonly LogitsProcessor[] {
  const end = generation.eos_token_id;
  const penalty = search.repetitionPenalty ?? generation.repetition_penalty ?? 1;
  const ngram = search.noRepeatNgramSize ?? generation.no_repeat_ngram_size ?? 0;
  // `min_length` counts the prompt, `min_new_tokens` not; both hold.
  const least =
    search.minNewTokens ??
    Math.max((generation.min_length ?? 0) - limits.promptLength, generation.min_new_tokens ?? 0);
  const { bad_words_ids: bad } = generation;
  const { forced_bos_token_id: first, forced_eos_token_id: last } = generation;
  const { suppress_tokens: always, begin_suppress_tokens: atBegin } = generation;
  const firstForced = first !== null && first !== undefined && limits.promptLength === 1;
  return [
    ...(penalty === 1 ? [] : [new RepetitionPenalty(penalty)]),
    ...(ngram === 0 ? [] : [new NoRepeatNgram(ngram)]),
    ...(bad?.length ? [new BadWords(bad, end)] : []),
    ...(least > 0 ? [new MinLength(least, end)] : []),
    ...(firstForced ? [new ForcedTokens(0, [first])] : []),
    ...(last?.length ? [new ForcedTokens(maxNewTokens(generation, search, limits) - 1, last)] : []),
    ...(always?.length ? [new SuppressTokens(always)] : []),
    ...(atBegin?.length ? [new SuppressTokensAtBegin(atBegin, firstForced ? 1 : 0)] : []),
    ...(generation.renormalize_logits ? [new Renormalise()] : []),
  ];
}

/** They come after the others. */
export function samplingProcessors(
  search: Extract<Search, { strategy: 'sample' }>,
): readonly LogitsProcessor[] {
  const { temperature, topK, topP } = search;
  return [
    ...(temperature === 1 ? [] : [new Temperature(temperature)]),
    ...(topK === null ? [] : [new TopK(topK)]),
    ...(topP === null || topP === 1 ? [] : [new TopP(topP)]),
  ];
}

/**
 * Tokens that may follow the prompt, end-of-text included: `max_length` counts the prompt, and
 * `max_new_tokens` stands above it, as in Hugging Face's libraries.
 */
export function maxNewTokens(
  generation: GenerationConfig,
  search: Search,
  { promptLength, decoderPositions }: DecoderLimits,
): number {
  const asked =
    search.maxNewTokens ?? generation.max_new_tokens ?? generation.max_length - promptLength;
  return Math.max(1, Math.min(asked, decoderPositions - promptLength));
}
