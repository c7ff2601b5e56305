/** The dev data of e2e/fixtures, as encoder inputs with references. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { decodeAudio } from '../../src-main/engine/audio/decode-audio.ts';

export interface DevInput<Input> {
  /** Samples at 16 kHz, or a sentence. */
  readonly input: Input;
  /** At least one. */
  readonly references: readonly string[];
  readonly condition: string;
}

const FIXTURES = new URL('../fixtures/', import.meta.url);

const speechSchema = z.array(
  z.object({ file: z.string(), text: z.string(), condition: z.string() }),
);
const translationSchema = z.array(
  z.object({
    source: z.string(),
    references: z.array(z.string()).nonempty(),
    condition: z.string(),
  }),
);

/** Utterances shorter than one window, in the order of the manifest. */
export async function speechDev(): Promise<readonly DevInput<Float32Array>[]> {
  const folder = new URL('speech-dev/', FIXTURES);
  const inputs: DevInput<Float32Array>[] = [];
  for (const { file, text, condition } of await read('speech-dev/manifest.json', speechSchema)) {
    const input = await samplesOf(fileURLToPath(new URL(file, folder)));
    inputs.push({ input, references: [text], condition });
  }
  return inputs;
}

export async function translationDev(): Promise<readonly DevInput<string>[]> {
  const list = await read('translation-dev.json', translationSchema);
  return list.map(({ source, references, condition }) => ({
    input: source,
    references,
    condition,
  }));
}

async function samplesOf(path: string): Promise<Float32Array> {
  const chunks: Float32Array[] = [];
  for await (const chunk of decodeAudio(path)) chunks.push(chunk);
  const samples = new Float32Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return samples;
}

async function read<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> {
  return schema.parse(JSON.parse(await readFile(new URL(file, FIXTURES), 'utf8')));
}
