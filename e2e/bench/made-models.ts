/** Models of the size of well-known ones with random weights, which `models/make-models.py` writes. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Task } from '../../src-main/contract/result.ts';
import { MODELS_DIRECTORY, readSamples, speechDev, translationDev } from '../dev-inputs.ts';

const MADE_DIRECTORY = resolve(import.meta.dirname, 'models/made');
const TASKS: Readonly<Record<string, Task>> = {
  'random-whisper-tiny': 'transcribe',
  'random-whisper-base': 'transcribe',
  'random-opus-mt': 'translate',
};
export const MADE_MODELS = Object.keys(TASKS);
const WINDOW_SAMPLES = 30 * 16000;

/** Null for another name. @throws Error where it has not been made */
export function taskOfMade(name: string): Task | null {
  const task = TASKS[name];
  if (task === undefined) return null;
  if (existsSync(join(MADE_DIRECTORY, name, 'config.json'))) return task;
  throw new Error(`${name} has not been made: run e2e/bench/models/make-models.py (see there).`);
}

/** Random weights, rather than a bundled model's. */
export function isMade(model: string): boolean {
  return model in TASKS;
}

/** Folder of a bundled model, or of one that was made. */
export function directoryOf(model: string): string {
  return join(isMade(model) ? MADE_DIRECTORY : MODELS_DIRECTORY, model);
}

/**
 * Folder with a model's weights and its conversions for peers: of a made model its own, of a bundled one
 * what models/convert-starters.py wrote.
 *
 * @throws Error where it has not been converted
 */
export function convertedDirectoryOf(model: string): string {
  const directory = join(MADE_DIRECTORY, model);
  if (existsSync(join(directory, 'model.safetensors'))) return directory;
  throw new Error(`${model} has not been converted: run e2e/bench/models/convert-starters.py.`);
}

/** Full windows, filled with one utterance after the other. */
export async function fullWindows(count: number): Promise<readonly Float32Array[]> {
  const utterances = await speechDev();
  let next = 0;
  const windows: Float32Array[] = [];
  while (windows.length < count) {
    const window = new Float32Array(WINDOW_SAMPLES);
    for (let at = 0; at < window.length; next++) {
      const path = utterances[next % utterances.length]?.path ?? '';
      const samples = (await readSamples(path)).subarray(0, window.length - at);
      window.set(samples, at);
      at += samples.length;
    }
    windows.push(window);
  }
  return windows;
}

/** As many words as real sentences have, in the words of the made tokenizer. */
export async function wordSentences(count: number): Promise<readonly string[]> {
  const sentences = await translationDev();
  return Array.from({ length: count }, (_, i) => {
    const words = sentences[i % sentences.length]?.source.split(' ') ?? [];
    return words
      .map((word, w) => `w${100 + ((i * 7919 + w * 104729 + word.length) % 50000)}`)
      .join(' ');
  });
}
