/** The development inputs of the bundled models, and where the models lie. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { decodeAudio } from '../src-main/engine/audio/decode-audio.ts';

const root = resolve(import.meta.dirname, '..');

export const MODELS_DIRECTORY = join(root, 'models');
/** Names of the bundled models by task; the first of each is what Veer takes by itself. */
export const RECOGNISERS = ['starter-asr-en-m', 'starter-asr-en-s'] as const;
export const TRANSLATORS = ['starter-mt-en-de-m', 'starter-mt-en-de-s'] as const;
/** @throws Error for a name that is no bundled model; no names at all are all models */
export function chosenModels(names: readonly string[]): {
  readonly transcribe: readonly string[];
  readonly translate: readonly string[];
} {
  const known: readonly string[] = [...RECOGNISERS, ...TRANSLATORS];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no bundled model "${unknown}". Models: ${known.join(', ')}.`);
  }
  const chosen = (ids: readonly string[]) =>
    ids.filter((id) => names.length === 0 || names.includes(id));
  return { transcribe: chosen(RECOGNISERS), translate: chosen(TRANSLATORS) };
}

/** Folders of the models that Veer takes by itself. */
export const RECOGNISER = join(MODELS_DIRECTORY, RECOGNISERS[0]);
export const TRANSLATOR = join(MODELS_DIRECTORY, TRANSLATORS[0]);
export const SAMPLES_DIRECTORY = join(root, 'resources', 'samples');
export const FIXTURES = join(root, 'e2e', 'fixtures');

const utteranceSchema = z.object({
  file: z.string(),
  text: z.string(),
  condition: z.string(),
  voice: z.string(),
});
export type Utterance = z.infer<typeof utteranceSchema> & { readonly path: string };

/** Source and target of the bundled translators; the first is what Veer takes by itself. */
export const DIRECTIONS = ['en-de', 'de-en'] as const;
export type TranslationDirection = (typeof DIRECTIONS)[number];
/** The language to write, as `--language` takes it. */
export const TARGETS = { 'en-de': 'de', 'de-en': 'en' } as const;

const sentencePairSchema = z.object({
  source: z.string(),
  references: z.array(z.string()).min(1),
  condition: z.string(),
  direction: z.enum(DIRECTIONS),
});
export type SentencePair = z.infer<typeof sentencePairSchema>;

/** Spoken utterances of all conditions (e2e/fixtures/speech-dev/README.md). */
export async function speechDev(): Promise<readonly Utterance[]> {
  const folder = join(FIXTURES, 'speech-dev');
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  const utterances = z.array(utteranceSchema).parse(JSON.parse(text));
  return utterances.map((utterance) => ({ ...utterance, path: join(folder, utterance.file) }));
}

/** Sentences with references in the other language (e2e/fixtures/translation-dev.README.md). */
export async function translationDev(
  direction: TranslationDirection = 'en-de',
): Promise<readonly SentencePair[]> {
  const text = await readFile(join(FIXTURES, 'translation-dev.json'), 'utf8');
  const pairs = z.array(sentencePairSchema).parse(JSON.parse(text));
  return pairs.filter((pair) => pair.direction === direction);
}

/** All samples of a short file, mono, 16 kHz. */
export async function readSamples(path: string): Promise<Float32Array> {
  const chunks: Float32Array[] = [];
  for await (const chunk of decodeAudio(path)) chunks.push(chunk);
  const samples = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return samples;
}

/** `count` items spread evenly over the list. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  const step = items.length / Math.min(count, items.length);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => {
    return items[Math.floor(i * step)] as T;
  });
}

/** The items in groups of `size`, in their order; the last one may be smaller. */
export function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => {
    return items.slice(i * size, (i + 1) * size);
  });
}
