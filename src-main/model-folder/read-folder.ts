/**
 * A model folder, in the layouts that people have: what the list of models and the engine both go by.
 * Names and configs only, never weights. Field names are those of Hugging Face's configs.
 */

import { join } from 'node:path';
import { z } from 'zod';
import type { Weights } from '../contract/devices.ts';
import { VeerError } from '../contract/errors.ts';
import {
  ARCHITECTURES,
  availableDtypes,
  CONFIG_FILE,
  type Family,
  familyUnsupported,
  GENERATION_CONFIG_FILE,
  isFamily,
  PREPROCESSOR_CONFIG_FILE,
  PROCESSOR_CONFIG_FILE,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from '../contract/model-layout.ts';
import { readJsonFile } from '../engine/files/json-file.ts';
import { generationOfConfig, generationOfWhisper } from './derive-generation.ts';
import { configMissing, graphsMissing, tokenizerMissing } from './explain-missing.ts';
import { folderFiles } from './folder-files.ts';
import { locateFolder } from './locate-folder.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface FolderDescription {
  /** Where config.json lies. */
  readonly directory: string;
  readonly id: string;
  readonly family: Family;
  readonly config: Fields;
  /** Bytes of every file, by path with `/`. */
  readonly files: ReadonlyMap<string, number>;
  /** At least one; what is taken where nothing is asked for stands first. */
  readonly dtypes: readonly Weights[];
  /** What was made up for a file that is not there; for people. */
  readonly notes: readonly string[];
}

/** Error codes for the configs of a model folder. */
export const CONFIG_ERRORS = {
  missing: 'MODEL_FILE_MISSING',
  invalid: 'MODEL_CONFIG_INVALID',
} as const;

const fieldsSchema = z.looseObject({});
const configSchema = z.looseObject({
  model_type: z.string().nullish(),
  architectures: z.array(z.string()).nullish(),
});

/**
 * @param path of the folder, or of the folder of a model in the Hub's cache
 * @throws VeerError MODEL_NOT_FOUND, MODEL_FILE_MISSING, MODEL_FILE_DAMAGED, MODEL_CONFIG_INVALID,
 *   MODEL_FAMILY_UNSUPPORTED, MODEL_FORMAT_UNSUPPORTED
 */
export async function readFolder(path: string): Promise<FolderDescription> {
  const place = await locateFolder(path);
  const { directory, id } = place;
  const files = await folderFiles(place);
  const names = new Set(files.keys());
  if (!names.has(CONFIG_FILE)) throw configMissing(directory, names);
  const configPath = join(directory, CONFIG_FILE);
  const config = await readJsonFile(configPath, configSchema, CONFIG_ERRORS);
  const family = familyOf(id, configPath, config);
  const dtypes = availableDtypes(names);
  if (dtypes.length === 0) throw graphsMissing(directory, names);
  return { directory, id, family, config, files, dtypes, notes: notesOn(names, family) };
}

function familyOf(id: string, path: string, config: z.infer<typeof configSchema>): Family {
  const [architecture] = config.architectures ?? [];
  const named =
    config.model_type ?? (architecture && (ARCHITECTURES.get(architecture) ?? architecture));
  if (named === undefined || named === null) {
    throw new VeerError(
      'MODEL_CONFIG_INVALID',
      `${path} names no model_type and no architectures. Copy the file again from where it came from.`,
    );
  }
  if (!isFamily(named)) throw familyUnsupported(id, named);
  return named;
}

function notesOn(files: ReadonlySet<string>, family: Family): readonly string[] {
  const whisper = family === 'whisper';
  const notes: string[] = [];
  if (!files.has(GENERATION_CONFIG_FILE)) {
    const sources = whisper ? `${CONFIG_FILE} and ${TOKENIZER_FILE}` : CONFIG_FILE;
    const lost = whisper ? ' The times of words need its alignment_heads.' : '';
    notes.push(
      `There is no ${GENERATION_CONFIG_FILE}; its values are taken from ${sources}.${lost}`,
    );
  }
  if (!files.has(TOKENIZER_CONFIG_FILE)) {
    notes.push(
      `There is no ${TOKENIZER_CONFIG_FILE}; ${TOKENIZER_FILE} alone says how texts are read.`,
    );
  }
  return notes;
}

type Read = Pick<FolderDescription, 'directory' | 'files'>;

/** @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID */
export async function readTokenizer({ directory, files }: Read): Promise<Fields> {
  if (!files.has(TOKENIZER_FILE)) throw tokenizerMissing(directory, new Set(files.keys()));
  return readJsonFile(join(directory, TOKENIZER_FILE), fieldsSchema, CONFIG_ERRORS);
}

/** {} where there is none. @throws VeerError MODEL_CONFIG_INVALID */
export async function readTokenizerConfig({ directory, files }: Read): Promise<Fields> {
  if (!files.has(TOKENIZER_CONFIG_FILE)) return {};
  return readJsonFile(join(directory, TOKENIZER_CONFIG_FILE), fieldsSchema, CONFIG_ERRORS);
}

/** Token ids that older folders state in config.json only. */
const INHERITED = [
  'decoder_start_token_id',
  'eos_token_id',
  'pad_token_id',
  'bos_token_id',
] as const;

/**
 * generation_config.json, or what it would say. Unchecked but for being an object.
 *
 * @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID
 */
export async function readGeneration(
  folder: Read & Pick<FolderDescription, 'config' | 'family'>,
): Promise<Fields> {
  const { directory, files, config, family } = folder;
  const own = await (files.has(GENERATION_CONFIG_FILE)
    ? readJsonFile(join(directory, GENERATION_CONFIG_FILE), fieldsSchema, CONFIG_ERRORS)
    : derivedGeneration(folder, family === 'whisper'));
  const ids = Object.fromEntries(INHERITED.map((name) => [name, own[name] ?? config[name]]));
  const start = ids['decoder_start_token_id'] ?? ids['bos_token_id'];
  return { ...own, ...ids, decoder_start_token_id: start };
}

async function derivedGeneration(
  folder: Read & Pick<FolderDescription, 'config'>,
  whisper: boolean,
): Promise<Fields> {
  if (!whisper) return generationOfConfig(folder.config);
  return generationOfWhisper(folder.config, tokenIds(await readTokenizer(folder)));
}

const vocabularySchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ content: z.string(), id: z.int() })).default([]),
  model: z.looseObject({ vocab: z.record(z.string(), z.int()).default({}) }),
});

/** Ids of all tokens by spelling; none for a tokenizer of another kind than BPE and its like. */
export function tokenIds(tokenizer: Fields): ReadonlyMap<string, number> {
  const parsed = vocabularySchema.safeParse(tokenizer);
  if (!parsed.success) return new Map();
  const { added_tokens: added, model } = parsed.data;
  return new Map([
    ...Object.entries(model.vocab),
    ...added.map(({ content, id }) => [content, id] as const),
  ]);
}

/** What a preprocessor_config.json says, and the file that says it. */
export interface Preprocessor {
  readonly path: string;
  readonly fields: Fields;
}

const processorSchema = z.looseObject({ feature_extractor: fieldsSchema });

/**
 * Of a recogniser. Since its version 5 the Python library writes processor_config.json alone.
 *
 * @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID
 */
export async function readPreprocessor({ directory, files }: Read): Promise<Preprocessor> {
  const within = join(directory, PROCESSOR_CONFIG_FILE);
  if (!files.has(PREPROCESSOR_CONFIG_FILE) && files.has(PROCESSOR_CONFIG_FILE)) {
    const { feature_extractor } = await readJsonFile(within, processorSchema, CONFIG_ERRORS);
    return { path: within, fields: feature_extractor };
  }
  const path = join(directory, PREPROCESSOR_CONFIG_FILE);
  return { path, fields: await readJsonFile(path, fieldsSchema, CONFIG_ERRORS) };
}
