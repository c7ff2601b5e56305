/**
 * `evaluation.json` beside the card of a bundled model: what was measured on its files, by dtype.
 * A measurement of other files than those in the folder is not kept.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dtypeSchema } from '../../../src-main/contract/devices.ts';
import { writeWhole } from '../../write-whole.ts';

const count = z.int().nonnegative();
/** 95 % bootstrap interval over the items. */
const interval = z.tuple([z.number(), z.number()]);

const speechScoresSchema = z.strictObject({
  items: count,
  /** Of the references, normalised. */
  words: count,
  /** 100 · (substitutions + deletions + insertions) / words */
  wer: z.number(),
  interval,
  substitutions: count,
  deletions: count,
  insertions: count,
  /** Outputs that the token limit ended. */
  cutShort: count,
});
export type SpeechScores = z.infer<typeof speechScoresSchema>;

const translationScoresSchema = z.strictObject({
  items: count,
  /** Corpus BLEU as sacreBLEU's default, all references, 0 to 100. */
  bleu: z.number(),
  bleuInterval: interval,
  /** Corpus chrF as sacreBLEU's default, the best reference of each item, 0 to 100. */
  chrf: z.number(),
  chrfInterval: interval,
  /** Outputs that the token limit ended. */
  cutShort: count,
});
export type TranslationScores = z.infer<typeof translationScoresSchema>;

const measurementOf = <Scores extends z.ZodType>(scores: Scores) =>
  z.strictObject({
    encoderSha256: z.string(),
    decoderSha256: z.string(),
    command: z.string(),
    /** Year, month, day. */
    date: z.iso.date(),
    machine: z.string(),
    settings: z.strictObject({
      device: z.literal('cpu'),
      search: z.literal('greedy'),
      alpha: z.literal(0),
      /** Most encoder inputs that share a run of the model. */
      batchSize: z.int().positive(),
      bootstrapResamples: z.int().positive(),
      bootstrapSeed: count,
    }),
    /** Wall clock of all sets, without loading. */
    seconds: z.number().nonnegative(),
    /** By name of the set. */
    sets: z.record(z.string(), scores),
  });

const speechMeasurementSchema = measurementOf(speechScoresSchema);
const translationMeasurementSchema = measurementOf(translationScoresSchema);
export type SpeechMeasurement = z.infer<typeof speechMeasurementSchema>;
export type TranslationMeasurement = z.infer<typeof translationMeasurementSchema>;

const common = {
  format: z.literal('veer-model-evaluation'),
  version: z.literal(1),
  model: z.string(),
};
const evaluationSchema = z.discriminatedUnion('task', [
  z.strictObject({
    ...common,
    task: z.literal('transcribe'),
    measurements: z.partialRecord(dtypeSchema, speechMeasurementSchema),
  }),
  z.strictObject({
    ...common,
    task: z.literal('translate'),
    measurements: z.partialRecord(dtypeSchema, translationMeasurementSchema),
  }),
]);
export type ModelEvaluation = z.infer<typeof evaluationSchema>;
export type SpeechEvaluation = Extract<ModelEvaluation, { task: 'transcribe' }>;
export type TranslationEvaluation = Extract<ModelEvaluation, { task: 'translate' }>;

const FILE = 'evaluation.json';

/**
 * @param directory of the model
 * @returns null where nothing was measured yet
 * @throws ZodError, SyntaxError for a file that is something else
 */
export async function readEvaluation(directory: string): Promise<ModelEvaluation | null> {
  const text = await readFile(join(directory, FILE), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  return text === null ? null : evaluationSchema.parse(JSON.parse(text));
}

export async function writeEvaluation(
  directory: string,
  evaluation: ModelEvaluation,
): Promise<void> {
  const path = join(directory, FILE);
  const ordered = evaluationSchema.parse(evaluation);
  await writeWhole(path, `${JSON.stringify(ordered, null, 2)}\n`);
}
