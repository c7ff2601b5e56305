/**
 * Decoders that begin with a zero vector instead of a token (Marian). Hugging Face has a row of zeros for it at
 * the end of the tables, `<pad>`; Marian and CTranslate2 have not, so its id is the first one after theirs.
 */

import type { Fields } from './source-model.ts';

export interface ZeroStart {
  /** To be set in config.json. */
  readonly config: Fields;
  /** To be set in config.json and in generation_config.json. */
  readonly ids: Fields;
  /** To be set in generation_config.json: it is never written. */
  readonly generation: Fields;
}

/** @returns nothing to be set for a decoder that begins with a token */
export function zeroStart(config: Fields): ZeroStart {
  const { decoder_start_from_zero: fromZero, vocab_size: rows } = config;
  if (fromZero !== true || typeof rows !== 'number') return { config: {}, ids: {}, generation: {} };
  const size = rows + 1;
  return {
    config: {
      vocab_size: size,
      ...('decoder_vocab_size' in config && { decoder_vocab_size: size }),
    },
    ids: { decoder_start_token_id: rows, pad_token_id: rows },
    generation: { bad_words_ids: [[rows]] },
  };
}
