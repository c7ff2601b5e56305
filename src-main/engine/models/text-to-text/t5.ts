/**
 * T5, T5 v1.1, Flan-T5 (Raffel et al. 2020, arXiv 1910.10683) and mT5 (Xue et al. 2021, arXiv
 * 2010.11934). The task stands as words before the text: `translate English to German: `.
 */

import { z } from 'zod';
import { VeerError } from '../../../contract/errors.ts';
import {
  type Direction,
  primaryLanguage,
  translationDirection,
} from '../../../contract/languages.ts';
import { checkConfig } from '../model-folder.ts';
import type { LanguageRequest, MakeTextFamily } from './text-family.ts';

const taskSchema = z.looseObject({ prefix: z.string().default('') });

const configSchema = z.looseObject({
  d_model: z.int().positive(),
  num_heads: z.int().positive(),
  d_kv: z.int().positive(),
  /** Longest input, in tokens; T5's relative positions have no limit of their own. */
  n_positions: z.int().positive().default(512),
  /** `translation_en_to_de` → the prefix that the model was trained with. */
  task_specific_params: z.record(z.string(), taskSchema).nullish(),
});

export const t5: MakeTextFamily = (folder, tokenizer, languages) => {
  const config = checkConfig(folder, configSchema);
  const task = chooseTask(folder.id, config.task_specific_params ?? {}, languages);
  return {
    hiddenSize: config.d_model,
    cache: { heads: config.num_heads, headSize: config.d_kv },
    sourcePositions: config.n_positions,
    decoderPositions: Number.POSITIVE_INFINITY,
    language: task.direction?.target ?? null,
    sourceLanguage: task.direction?.source ?? null,
    prefix: task.prefix,
    frame: tokenizer.frame,
    prompt: [folder.generation.decoder_start_token_id],
    generation: folder.generation,
  };
};

/** Null direction: the config states none, and the text goes in as it is. */
interface TranslationTask {
  readonly direction: Direction | null;
  readonly prefix: string;
}

/** The task `translation_SOURCE_to_TARGET` for the languages asked, the first one by default. */
function chooseTask(
  modelId: string,
  tasks: Readonly<Record<string, z.infer<typeof taskSchema>>>,
  { target, source }: LanguageRequest,
): TranslationTask {
  const known = Object.entries(tasks).flatMap(([name, { prefix }]) => {
    const direction = translationDirection(name);
    return direction === null ? [] : [{ direction, prefix }];
  });
  if (target === null && source === null) return known[0] ?? { direction: null, prefix: '' };
  const chosen = known.find(
    ({ direction }) => fits(direction.target, target) && fits(direction.source, source),
  );
  if (chosen !== undefined) return chosen;
  const reads = known.some(({ direction }) => fits(direction.target, target));
  const end = reads ? 'source' : 'target';
  const names = known.map(({ direction }) => direction[end]).join(', ') || 'not stated';
  throw new VeerError(
    'LANGUAGE_UNSUPPORTED',
    reads
      ? `${modelId} does not read "${source}" for that. Languages it reads: ${names}.`
      : `${modelId} does not write "${target}". Languages it writes: ${names}.`,
  );
}

function fits(language: string, wanted: string | null): boolean {
  return wanted === null || language === primaryLanguage(wanted);
}
