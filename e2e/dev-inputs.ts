/** The development inputs of the bundled models, and where the models lie. */

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { decodeAudio } from '../src-main/engine/audio/decode-audio.ts';

const root = resolve(import.meta.dirname, '..');

export const MODELS_DIRECTORY = join(root, 'models');
export const RECOGNISER = join(MODELS_DIRECTORY, 'starter-asr-en');
export const TRANSLATOR = join(MODELS_DIRECTORY, 'starter-mt-en-de');
export const SAMPLES_DIRECTORY = join(root, 'resources', 'samples');
const FIXTURES = join(root, 'e2e', 'fixtures');

const utteranceSchema = z.object({
  file: z.string(),
  text: z.string(),
  condition: z.string(),
  snrDb: z.number().nullable(),
  voice: z.string(),
});
export type Utterance = z.infer<typeof utteranceSchema> & { readonly path: string };

const sentencePairSchema = z.object({
  source: z.string(),
  references: z.array(z.string()).min(1),
  condition: z.string(),
});
export type SentencePair = z.infer<typeof sentencePairSchema>;

/** Spoken utterances of all conditions (e2e/fixtures/speech-dev/README.md). */
export async function speechDev(): Promise<readonly Utterance[]> {
  const folder = join(FIXTURES, 'speech-dev');
  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  const utterances = z.array(utteranceSchema).parse(JSON.parse(text));
  return utterances.map((utterance) => ({ ...utterance, path: join(folder, utterance.file) }));
}

/** English sentences with German references (e2e/fixtures/translation-dev.README.md). */
export async function translationDev(): Promise<readonly SentencePair[]> {
  const text = await readFile(join(FIXTURES, 'translation-dev.json'), 'utf8');
  return z.array(sentencePairSchema).parse(JSON.parse(text));
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
