/**
 * What Whisper's decoder is given to begin with: text that went before, the start token, language
 * and task of a multilingual model, and "no timestamps" (openai/whisper `tokenizer.py`,
 * `sot_sequence`, and `decoding.py`, `_get_initial_tokens`).
 *
 * Where nobody says a task, Hugging Face's `generate` leaves its token out once a language was
 * detected; OpenAI's writes "transcribe", and is followed.
 */

import { VeerError } from '../../../contract/errors.ts';
import { primaryLanguage } from '../../../contract/languages.ts';
import type { WhisperTokens } from './tokens.ts';

/**
 * @param asked BCP 47 tag of what is spoken, or null
 * @returns language code of what is spoken; null where it is to be detected
 * @throws VeerError LANGUAGE_UNSUPPORTED
 */
export function spokenLanguage(
  modelId: string,
  tokens: WhisperTokens,
  asked: string | null,
): string | null {
  const wanted = asked === null ? null : primaryLanguage(asked);
  if (!tokens.multilingual) {
    if (wanted === null || wanted === 'en') return 'en';
    throw unsupported(`${modelId} writes English only, not "${asked}".`);
  }
  if (tokens.languages.size === 0) {
    throw unsupported(
      `${modelId} does not say which languages it knows: its generation_config.json has no lang_to_id. Copy that file from the model's own repository.`,
    );
  }
  if (wanted === null || tokens.languages.has(wanted)) return wanted;
  throw unsupported(`${modelId} does not know the language "${asked}".`);
}

export interface PromptRequest {
  /** Of what is spoken; of no matter for an English-only model. */
  readonly language: string;
  readonly toEnglish: boolean;
  readonly timestamps: boolean;
  /** Tokens of text that went before; at most as many as `contextLength` says. */
  readonly context: readonly number[];
}

/** @throws VeerError OPTION_INVALID for what the model has no token for */
export function decoderPrompt(
  modelId: string,
  tokens: WhisperTokens,
  { language, toEnglish, timestamps, context }: PromptRequest,
): readonly number[] {
  if (toEnglish && (!tokens.multilingual || tokens.translate === null)) {
    throw new VeerError(
      'OPTION_INVALID',
      `${modelId} writes down what is said and does not translate. Use a multilingual Whisper for English output.`,
    );
  }
  if (timestamps && tokens.noTimestamps === null) {
    throw new VeerError(
      'OPTION_INVALID',
      `${modelId} has no timestamps: its generation_config.json names no no_timestamps_token_id.`,
    );
  }
  const task = toEnglish ? tokens.translate : tokens.transcribe;
  const spoken = tokens.languages.get(language);
  return [
    ...previous(modelId, tokens, context),
    tokens.start,
    ...(tokens.multilingual ? given(spoken, task) : []),
    ...(timestamps ? [] : given(tokens.noTimestamps)),
  ];
}

/** Tokens of text before that there is room for: half of the decoder less one, as the reference. */
export function contextLength(decoderPositions: number): number {
  return Math.floor(decoderPositions / 2) - 1;
}

function previous(
  modelId: string,
  { startOfPrevious }: WhisperTokens,
  context: readonly number[],
): readonly number[] {
  if (context.length === 0) return [];
  if (startOfPrevious !== null) return [startOfPrevious, ...context];
  throw new VeerError(
    'OPTION_INVALID',
    `${modelId} takes no prompt: it has no token <|startofprev|>.`,
  );
}

function given(...ids: readonly (number | null | undefined)[]): readonly number[] {
  return ids.filter((id) => id !== null && id !== undefined);
}

function unsupported(sentence: string): VeerError {
  return new VeerError('LANGUAGE_UNSUPPORTED', sentence);
}
