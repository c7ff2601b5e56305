/** Decoding a batch of windows once, as one recording's prompt and rules say. */

import type { DecoderSession } from '../../decoding/decoder-session.ts';
import type { LogitsProcessor } from '../../decoding/logits-processors.ts';
import { TimestampRules } from '../../decoding/timestamp-rules.ts';
import { dimension } from '../../onnx/tensor.ts';
import type { GenerateOptions } from '../generation.ts';
import type { DecodeOptions, Encoded } from '../model.ts';
import type { WhisperParts } from './parts.ts';
import type { WhisperTokens } from './tokens.ts';

export interface WhisperDecoding {
  readonly parts: WhisperParts;
  readonly prompt: readonly number[];
  /** Whether it writes timestamps. */
  readonly timed: boolean;
}

export function sessionFor({ parts }: WhisperDecoding, { hiddenStates }: Encoded): DecoderSession {
  return parts.graphs.decoderSession(hiddenStates, null, parts.cacheShape);
}

export function generateOptions(
  { parts, prompt, timed }: WhisperDecoding,
  { hiddenStates }: Encoded,
  options: DecodeOptions,
): GenerateOptions {
  return {
    ...options,
    generation: parts.folder.generation,
    rows: dimension(hiddenStates, 0),
    prompt,
    decoderPositions: parts.decoderPositions,
    familyRules: timed ? timestampRules(parts.tokens) : [],
  };
}

/** Text of generated ids. */
export function textOf({ tokenizer, tokens }: WhisperParts, tokenIds: readonly number[]): string {
  // A prompt without timestamps does not keep a model from writing them.
  return tokenizer.decode(tokenIds.filter((id) => id < tokens.firstTimestamp)).trim();
}

function timestampRules({
  noTimestamps,
  firstTimestamp,
  endOfText,
  maxInitialTimestamp,
}: WhisperTokens): readonly LogitsProcessor[] {
  if (noTimestamps === null) return [];
  const maxInitial = maxInitialTimestamp;
  return [new TimestampRules({ noTimestamps, first: firstTimestamp, endOfText, maxInitial })];
}
