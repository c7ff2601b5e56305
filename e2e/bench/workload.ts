/**
 * The inputs, the same for every side: samples that were decoded beforehand, or sentences, longest
 * first. Both are spread evenly over the development inputs, so all their conditions are in.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Sentence } from '../../src-main/contract/engine-contract.ts';
import { readSamples, speechDev, spread, translationDev } from '../dev-inputs.ts';
import { directoryOf, fullWindows, taskOfMade, wordSentences } from './made-models.ts';
import type { WorkerSetup } from './protocol.ts';

export interface SpeechWorkload {
  readonly task: 'transcribe';
  readonly directory: string;
  readonly paths: readonly string[];
  /** Mono, 16 kHz; each fits one window of the model. */
  readonly inputs: readonly Float32Array[];
}

export interface TextWorkload {
  readonly task: 'translate';
  readonly directory: string;
  readonly inputs: readonly string[];
}

const SAMPLING_RATE = 16000;

export async function loadWorkload(setup: WorkerSetup): Promise<SpeechWorkload | TextWorkload> {
  const directory = directoryOf(setup.model);
  if (taskOfMade(setup.model) !== null) return madeWorkload(setup, directory);
  if (setup.task === 'translate') {
    const pairs = spread(await translationDev(), setup.inputs);
    // The order in which Veer's pipeline takes them; the peer gains from it in batches too.
    const inputs = pairs.map(({ source }) => source).sort((a, b) => b.length - a.length);
    return { task: 'translate', directory, inputs };
  }
  const paths = spread(await speechDev(), setup.inputs).map(({ path }) => path);
  const inputs = await Promise.all(paths.map(readSamples));
  return { task: 'transcribe', directory, paths, inputs };
}

async function madeWorkload(
  { task, inputs }: WorkerSetup,
  directory: string,
): Promise<SpeechWorkload | TextWorkload> {
  return task === 'transcribe'
    ? { task, directory, paths: [], inputs: await fullWindows(inputs) }
    : { task, directory, inputs: await wordSentences(inputs) };
}

/** One behind the other, with silence up to the length of the model's window. */
export async function filledWindows({ directory, inputs }: SpeechWorkload): Promise<Float32Array> {
  const text = await readFile(join(directory, 'preprocessor_config.json'), 'utf8');
  const { n_samples: length } = z.looseObject({ n_samples: z.int() }).parse(JSON.parse(text));
  const windows = new Float32Array(inputs.length * length);
  for (const [i, samples] of inputs.entries()) windows.set(samples.subarray(0, length), i * length);
  return windows;
}

/** Null for text. */
export function audioSeconds(workload: SpeechWorkload | TextWorkload): number | null {
  if (workload.task === 'translate') return null;
  return workload.inputs.reduce((sum, { length }) => sum + length, 0) / SAMPLING_RATE;
}

/** As a document's segmentation gives them. */
export function sentencesOf(inputs: readonly string[]): readonly Sentence[] {
  return inputs.map((text, index) => {
    return { index, text, input: text, separator: '\n', translatable: true };
  });
}
