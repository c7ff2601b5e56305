/** Search as generation_config.json asks for it, the same for every family. */

import type { DecoderSession } from '../decoding/decoder-session.ts';
import { greedySearch } from '../decoding/greedy.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import {
  type LogitsProcessor,
  SuppressTokens,
  SuppressTokensAtBegin,
} from '../decoding/logits-processors.ts';
import type { DecodeOptions } from './model.ts';
import type { GenerationConfig } from './model-folder.ts';

export interface GenerateOptions extends DecodeOptions {
  readonly generation: GenerationConfig;
  /** Rows of the batch. */
  readonly rows: number;
  /** Decoder prompt, the same for every row. */
  readonly prompt: readonly number[];
  /** Positions that the decoder's embedding has; infinite for relative positions. */
  readonly decoderPositions: number;
}

/** @throws VeerError CANCELLED */
export function generate(
  session: DecoderSession,
  options: GenerateOptions,
): Promise<readonly Hypothesis[]> {
  const { generation, rows, prompt, decoderPositions, signal, onStep } = options;
  return greedySearch(session, {
    prompts: Array.from({ length: rows }, () => prompt),
    processors: generationProcessors(generation),
    endOfTextIds: generation.eos_token_id,
    maxNewTokens: maxNewTokens(generation, prompt.length, decoderPositions),
    signal,
    onStep,
  });
}

/** The logits processors that the model's authors ask for, in Hugging Face's order. */
function generationProcessors(generation: GenerationConfig): readonly LogitsProcessor[] {
  const { suppress_tokens: always, begin_suppress_tokens: atBegin } = generation;
  return [
    ...(always?.length ? [new SuppressTokens(always)] : []),
    ...(atBegin?.length ? [new SuppressTokensAtBegin(atBegin)] : []),
  ];
}

/**
 * Tokens that may follow the prompt: `max_length` counts the prompt, as in Hugging Face's
 * libraries.
 */
function maxNewTokens(
  generation: GenerationConfig,
  promptLength: number,
  decoderPositions: number,
): number {
  return Math.max(1, Math.min(generation.max_length, decoderPositions) - promptLength);
}
