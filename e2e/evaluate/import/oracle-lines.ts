/** Lines that oracle.py and veer-outputs.ts write: what a Whisper model made of one recording (README.md). */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const passSchema = z.object({
  ids: z.array(z.int()),
  text: z.string(),
  /** Sum over the ids and the end token. */
  logProbability: z.number(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })),
  /** Of Veer's lines with `--oracle`, where its ids are others: the first of them. */
  difference: z
    .object({
      at: z.int(),
      ours: z.int().nullable(),
      theirs: z.int().nullable(),
      /** How much more probable the model finds ours, in nats, before rules of timestamps. */
      gap: z.number(),
    })
    .optional(),
});
export type Pass = z.infer<typeof passSchema>;

const lineSchema = z.object({
  file: z.string(),
  language: z.string(),
  withoutTimestamps: passSchema,
  withTimestamps: passSchema.optional(),
});
export type OutputLine = z.infer<typeof lineSchema>;

/** Passes of a line, by name. */
export const PASSES = ['withoutTimestamps', 'withTimestamps'] as const;

/** @throws Error for a file that is not there, and for one of another format */
export async function readOutputLines(path: string): Promise<readonly OutputLine[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));
}
