/**
 * The tokens with a meaning of their own that a Whisper folder names, by generation_config.json and,
 * where that is silent, by their spelling in the tokenizer. Older exports lack some of them.
 */

import { z } from 'zod';
import { CONFIG_ERRORS } from '../../../model-folder/read-folder.ts';
import { checkFields } from '../../files/json-file.ts';
import type { Tokenizer } from '../../text/tokenizer.ts';
import type { ModelFolder } from '../model-folder.ts';

export interface WhisperTokens {
  readonly start: number;
  /** First of the ids that end a text: text has the ids below. */
  readonly endOfText: number;
  readonly multilingual: boolean;
  /** By language code, lower case; empty where the files name none. */
  readonly languages: ReadonlyMap<string, number>;
  readonly transcribe: number | null;
  readonly translate: number | null;
  readonly noTimestamps: number | null;
  /** Id of 0.00 seconds; timestamps are the last ids. Infinite for a model without them. */
  readonly firstTimestamp: number;
  /** Steps after 0.00; null for any. */
  readonly maxInitialTimestamp: number | null;
  readonly startOfPrevious: number | null;
  readonly noSpeech: number | null;
  /** [layer, head] of the decoder's cross-attention that follow the speech; empty where not known. */
  readonly alignmentHeads: readonly (readonly [layer: number, head: number])[];
}

const ids = z.record(z.string(), z.int()).nullish();

const schema = z.looseObject({
  is_multilingual: z.boolean().default(false),
  lang_to_id: ids,
  task_to_id: ids,
  no_timestamps_token_id: z.int().nullish(),
  max_initial_timestamp_index: z.int().nonnegative().nullish(),
  prev_sot_token_id: z.int().nullish(),
  alignment_heads: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).nullish(),
});

/** @throws VeerError MODEL_CONFIG_INVALID */
export function whisperTokens(folder: ModelFolder, tokenizer: Tokenizer): WhisperTokens {
  const path = `${folder.directory}/generation_config.json`;
  const config = checkFields(folder.generation, schema, path, CONFIG_ERRORS);
  const spelled = (...spellings: readonly string[]) =>
    spellings.map((token) => tokenizer.tokenId(token)).find((id) => id !== undefined) ?? null;
  const noTimestamps = config.no_timestamps_token_id ?? null;
  return {
    start: folder.generation.decoder_start_token_id,
    endOfText: Math.min(...folder.generation.eos_token_id),
    multilingual: config.is_multilingual,
    languages: new Map(
      Object.entries(config.lang_to_id ?? {}).map(([token, id]) => [
        token.replace(/^<\|(.*)\|>$/, '$1'),
        id,
      ]),
    ),
    transcribe: config.task_to_id?.['transcribe'] ?? null,
    translate: config.task_to_id?.['translate'] ?? null,
    noTimestamps,
    firstTimestamp: (noTimestamps ?? Number.POSITIVE_INFINITY) + 1,
    maxInitialTimestamp: config.max_initial_timestamp_index ?? null,
    startOfPrevious: config.prev_sot_token_id ?? spelled('<|startofprev|>'),
    // Renamed in the third version.
    noSpeech: spelled('<|nospeech|>', '<|nocaptions|>'),
    alignmentHeads: config.alignment_heads ?? [],
  };
}
