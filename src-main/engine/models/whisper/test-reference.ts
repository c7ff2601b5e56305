/** What the Python library does with the tiny Whisper and the bundled recognisers (stored). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FIXTURES, MODELS_DIRECTORY, readSamples } from '../../../../e2e/dev-inputs.ts';
import { loadModel } from '../factory.ts';
import type { Encoded } from '../model.ts';
import { WhisperModel } from './whisper.ts';

const ids = z.array(z.int());
const windowSchema = z.object({
  start: z.number(),
  ids,
  phrases: z.array(z.tuple([z.number(), z.number(), ids])),
});
const mergeSchema = z.object({ chunks: z.array(ids), ids });

const schema = z.object({
  tiny: z.object({
    languages: z.array(
      z.object({
        file: z.string(),
        probabilities: z.record(z.string(), z.number()),
        noSpeech: z.number(),
      }),
    ),
    outputs: z.array(
      z.object({
        file: z.string(),
        language: z.string(),
        task: z.enum(['transcribe', 'translate']),
        timestamps: z.boolean(),
        prompt: z.string(),
        ids,
        averageLogProbability: z.number(),
      }),
    ),
    /** 3 beams, German, with timestamps. */
    beams: z.array(z.object({ file: z.string(), ids })),
    long: z.array(z.string()),
    sequential: z.array(windowSchema),
  }),
  starters: z.record(
    z.string(),
    z.object({
      timestamps: z.array(
        z.object({
          file: z.string(),
          ids,
          averageLogProbability: z.number(),
          noSpeech: z.number(),
        }),
      ),
      words: z.array(
        z.object({
          file: z.string(),
          ids,
          tokenTimestamps: z.array(z.number()),
          starts: z.array(z.number()),
        }),
      ),
      long: z.array(z.string()),
      sequential: z.array(windowSchema),
      chunked: mergeSchema,
    }),
  ),
  merges: z.array(mergeSchema),
});

export const whisperReference = schema.parse(
  JSON.parse(await readFile(join(FIXTURES, 'whisper', 'reference.json'), 'utf8')),
);

export const TINY_WHISPER = join(FIXTURES, 'whisper', 'tiny');

/** The float32 files on the CPU. */
export async function loadWhisper(
  name: string,
  language: string | null = null,
): Promise<WhisperModel> {
  const directory = name === 'tiny' ? TINY_WHISPER : join(MODELS_DIRECTORY, name);
  const options = { directory, dtype: 'fp32', device: 'cpu', threads: 2 } as const;
  const model = await loadModel({ ...options, language });
  if (!(model instanceof WhisperModel)) throw new Error(`${name} is no Whisper model.`);
  return model;
}

/** Samples of dev recordings, one after the other. */
export async function joinedSamples(files: readonly string[]): Promise<Float32Array> {
  const parts = await Promise.all(
    files.map((file) => readSamples(join(FIXTURES, 'speech-dev', file))),
  );
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return samples;
}

/** The first window of each dev recording, as one batch. */
export async function encodeFiles(model: WhisperModel, files: readonly string[]): Promise<Encoded> {
  const windows = await Promise.all(
    files.map(async (file) => (await joinedSamples([file])).slice(0, model.windowSamples)),
  );
  return model.encode(model.prepare(windows));
}
