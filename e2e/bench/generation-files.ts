/** What a model folder says of decoding, for the sides that do not read it themselves. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export interface GenerationFiles {
  /** What the decoder reads first. */
  readonly prompt: readonly number[];
  readonly end: number;
  readonly suppressed: readonly number[];
  /** New tokens, the end included, that an input gets: as many for every input where the end is suppressed. */
  readonly fewestTokens: number;
  readonly mostTokens: number;
  /** What a translator reads before every sentence. */
  readonly prefix: string;
}

const generationSchema = z.looseObject({
  decoder_start_token_id: z.int(),
  no_timestamps_token_id: z.int().optional(),
  eos_token_id: z.int(),
  suppress_tokens: z.array(z.int()).default([]),
  max_new_tokens: z.int().optional(),
  max_length: z.int(),
});
const configSchema = z.looseObject({
  task_specific_params: z
    .looseObject({ translation_en_to_de: z.looseObject({ prefix: z.string() }) })
    .nullish(),
});

export async function readGenerationFiles(directory: string): Promise<GenerationFiles> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, name), 'utf8'));
  const generation = generationSchema.parse(await read('generation_config.json'));
  const { task_specific_params: tasks } = configSchema.parse(await read('config.json'));
  const {
    decoder_start_token_id: start,
    no_timestamps_token_id: plain,
    eos_token_id: end,
    suppress_tokens: suppressed,
  } = generation;
  const prompt = plain === undefined ? [start] : [start, plain];
  const mostTokens = generation.max_new_tokens ?? generation.max_length - prompt.length;
  return {
    prompt,
    end,
    suppressed,
    fewestTokens: suppressed.includes(end) ? mostTokens : 1,
    mostTokens,
    prefix: tasks?.translation_en_to_de.prefix ?? '',
  };
}
