/**
 * What differs between text-to-text families; everything else is text-to-text.ts. A family's file
 * makes this from the configs of a folder and the languages that were asked for.
 */

import type { Tokenizer } from '../../text/tokenizer.ts';
import type { CacheShape } from '../decoder-caches.ts';
import type { GenerationConfig, ModelFolder } from '../model-folder.ts';

export interface TextFamily {
  /** D of the encoder. */
  readonly hiddenSize: number;
  readonly cache: CacheShape;
  /** Longest encoder input in tokens. */
  readonly sourcePositions: number;
  /** Positions that the decoder's embedding has; infinite for relative positions. */
  readonly decoderPositions: number;
  /** BCP 47 tags of what is written and read, where known. */
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  /** Words that go before every text. */
  readonly prefix: string;
  /** Tokens that go before and after those of a text. */
  readonly frame: Tokenizer['frame'];
  readonly prompt: readonly number[];
  /** The authors' rules, with the tokens that the languages force. */
  readonly generation: GenerationConfig;
}

/** BCP 47 tags; null takes the model's own. */
export interface LanguageRequest {
  readonly target: string | null;
  readonly source: string | null;
}

/** @throws VeerError MODEL_CONFIG_INVALID, LANGUAGE_UNSUPPORTED */
export type MakeTextFamily = (
  folder: ModelFolder,
  tokenizer: Tokenizer,
  languages: LanguageRequest,
) => TextFamily;
