/** What a recogniser can do, told from its folder without opening its graphs. */

import { z } from 'zod';
import { FAMILIES, type SpeechAbility } from '../contract/model-families.ts';
import { FAMILY_TASKS, findGraphs } from '../contract/model-layout.ts';
import {
  type FolderDescription,
  readGeneration,
  readPreprocessor,
} from '../model-folder/read-folder.ts';

export interface SpeechAbilities {
  readonly timestamps: boolean;
  /** `graphs`: only an export with cross-attention outputs has them, which its names do not say. */
  readonly wordTimes: 'yes' | 'no' | 'graphs';
  readonly detectsLanguage: boolean;
  readonly toEnglish: boolean;
  /** Longest stretch that is read at once; null where no config states it. */
  readonly windowSeconds: number | null;
}

const generationSchema = z.looseObject({
  is_multilingual: z.boolean().default(false),
  lang_to_id: z.record(z.string(), z.int()).nullish(),
  task_to_id: z.record(z.string(), z.int()).nullish(),
  no_timestamps_token_id: z.int().nullish(),
  alignment_heads: z.array(z.unknown()).nullish(),
});

/** @returns null for a translator, and where generation_config.json cannot be read */
export async function readAbilities(folder: FolderDescription): Promise<SpeechAbilities | null> {
  if (FAMILY_TASKS[folder.family] !== 'transcribe') return null;
  const generation = generationSchema.safeParse(await readGeneration(folder).catch(() => null));
  if (!generation.success) return null;
  const {
    is_multilingual: several,
    lang_to_id: languages,
    task_to_id: tasks,
    no_timestamps_token_id: noTimestamps,
    alignment_heads: heads,
  } = generation.data;
  const can = (ability: SpeechAbility) => FAMILIES[folder.family].abilities.includes(ability);
  const isAligned = can('word times') && (heads ?? []).length > 0;
  return {
    timestamps: can('timestamps') && typeof noTimestamps === 'number',
    wordTimes: isAligned ? alignedGraphs(folder) : 'no',
    detectsLanguage:
      can('language detection') && several && Object.keys(languages ?? {}).length > 1,
    toEnglish: can('to English') && several && tasks?.['translate'] !== undefined,
    windowSeconds: await windowOf(folder),
  };
}

/** Veer's own graphs have those for word times in a file of their own. */
function alignedGraphs({ files, dtypes }: FolderDescription): SpeechAbilities['wordTimes'] {
  const names = new Set(files.keys());
  const known = dtypes.map((weights) => {
    const decoder = findGraphs(names, weights)?.decoder;
    if (decoder?.kind !== 'own') return 'graphs';
    return decoder.alignment === null ? 'no' : 'yes';
  });
  const [first = 'no'] = known;
  return known.every((each) => each === first) ? first : 'graphs';
}

const windowSchema = z.looseObject({
  n_samples: z.int().positive(),
  sampling_rate: z.int().positive(),
});

async function windowOf(folder: FolderDescription): Promise<number | null> {
  const preprocessor = await readPreprocessor(folder).catch(() => null);
  const { data } = windowSchema.safeParse(preprocessor?.fields);
  return data === undefined ? null : data.n_samples / data.sampling_rate;
}
