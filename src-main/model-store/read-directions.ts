/** The languages that a model folder states, without loading the model. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  findLanguage,
  type LanguageToken,
  languageTokens,
  type MultilingualFamily,
} from '../contract/language-tokens.ts';
import { type Direction, statedDirection, translationDirection } from '../contract/languages.ts';
import { type Family, TOKENIZER_FILE } from '../contract/model-layout.ts';
import {
  type FolderDescription,
  readGeneration,
  readTokenizerConfig,
} from '../model-folder/read-folder.ts';

/**
 * The default first. A list does not fail for a file that only decoding needs; the engine names what
 * is wrong.
 *
 * @param tasks `task_specific_params` of config.json
 */
export async function readDirections(
  folder: FolderDescription,
  tasks: Readonly<Record<string, unknown>>,
): Promise<readonly Direction[]> {
  const { family } = folder;
  switch (family) {
    case 'whisper':
      return spokenLanguages(folder).catch(() => []);
    case 't5':
    case 'mt5':
      return Object.keys(tasks).flatMap((task) => translationDirection(task) ?? []);
    case 'marian':
    case 'm2m_100':
    case 'mbart':
      return translations(folder, family).catch(() => []);
    default:
      return [];
  }
}

/** Tags of what a model can be told to read, each once; none of a family that need not be told. */
export async function readSources(directory: string, family: Family): Promise<readonly string[]> {
  if (family !== 'm2m_100' && family !== 'mbart') return [];
  const languages = await languagesIn(directory, family).catch(() => []);
  return [...new Set(languages.map(({ tag }) => tag))];
}

const spokenLanguagesSchema = z.looseObject({
  is_multilingual: z.boolean().default(false),
  lang_to_id: z.record(z.string(), z.int()).nullish(),
});

async function spokenLanguages(folder: FolderDescription): Promise<readonly Direction[]> {
  const { is_multilingual: several, lang_to_id: ids } = spokenLanguagesSchema.parse(
    await readGeneration(folder),
  );
  const languages = several
    ? Object.keys(ids ?? {}).map((token) => token.replace(/^<\|(.+)\|>$/, '$1'))
    : ['en'];
  return languages.map((language) => ({ source: language, target: language }));
}

/** BCP 47 for a language that is not known: here, one of a group. */
const UNDETERMINED = 'und';

const tokenizerConfigSchema = z.looseObject({ src_lang: z.string().nullish() });

async function translations(
  folder: FolderDescription,
  family: MultilingualFamily,
): Promise<readonly Direction[]> {
  const config = tokenizerConfigSchema.parse(await readTokenizerConfig(folder));
  const languages = await languagesIn(folder.directory, family);
  const stated = statedDirection(config);
  if (family === 'marian') {
    const targets = languages.length > 0 ? languages.map(({ tag }) => tag) : [stated.target];
    return targets.flatMap((target) =>
      target === null ? [] : [{ source: stated.source ?? UNDETERMINED, target }],
    );
  }
  const source = findLanguage(languages, config.src_lang ?? '') ?? findLanguage(languages, 'en');
  return source === undefined
    ? []
    : languages.flatMap(({ tag }) =>
        tag === source.tag ? [] : [{ source: source.tag, target: tag }],
      );
}

async function languagesIn(
  directory: string,
  family: MultilingualFamily,
): Promise<readonly LanguageToken[]> {
  return languageTokens(family, await candidateTokens(join(directory, TOKENIZER_FILE), family));
}

/** What may be the token of a language in the text of a tokenizer.json, among vocabulary and rest. */
const CANDIDATES: Readonly<Record<MultilingualFamily, RegExp>> = {
  marian: /"(>>[A-Za-z_]{2,8}<<)"/g,
  m2m_100: /"(__[a-z]{2,3}__|[a-z]{3}_[A-Z][a-z]{3})"/g,
  mbart: /"([a-z]{2,3}_[A-Z]{2})"/g,
};

/** Found ones, by the file. */
const known = new Map<string, { readonly version: string; readonly tokens: readonly string[] }>();

/**
 * Looked for in the text, and once: the file of a large vocabulary has tens of megabytes, and
 * parsing it would take seconds of every listing.
 */
async function candidateTokens(
  path: string,
  family: MultilingualFamily,
): Promise<readonly string[]> {
  const { size, mtimeMs } = await stat(path);
  const version = `${family} ${size} ${mtimeMs}`;
  const before = known.get(path);
  if (before?.version === version) return before.tokens;
  const text = await readFile(path, 'utf8');
  const tokens = [
    ...new Set([...text.matchAll(CANDIDATES[family])].map(([, token = '']) => token)),
  ];
  known.set(path, { version, tokens });
  return tokens;
}
