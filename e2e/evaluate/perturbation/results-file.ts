/**
 * docs/results/results.json: all numbers of docs/results.md and its plots, measured with seed 1; those of
 * other seeds lie beside it. Gains are in points of 100 (WER, or mean sentence chrF), above zero where the
 * output became better, with their 95 % interval.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../write-whole.ts';
import { DOMAINS } from './evaluation-sets.ts';
import { SEARCHES } from './searches.ts';

const gainSchema = z.tuple([z.number(), z.number(), z.number()]).readonly();
/** Gain and the ends of its interval. */
export type Gain = z.infer<typeof gainSchema>;

const sweepPointSchema = z.strictObject({
  alpha: z.number(),
  gradient: gainSchema,
  /** Null where no gain is looked for. */
  flipped: gainSchema.nullable(),
  random: gainSchema.nullable(),
  /** Change of the proxy's own prediction, in the same points and the same direction. */
  predicted: z.number(),
});

const cellSchema = z.strictObject({
  domain: z.enum(DOMAINS),
  /** Or "all". */
  condition: z.string(),
  search: z.enum(SEARCHES),
  items: z.int(),
  plain: z.number(),
  perturbed: z.number(),
  gain: gainSchema,
  flipped: gainSchema.nullable(),
  /** The mean over the seeds. */
  random: gainSchema.nullable(),
  /** The gain of each seed. */
  randomSeeds: z.array(z.number()).readonly(),
  overFlipped: gainSchema.nullable(),
  overRandom: gainSchema.nullable(),
  /** Substitutions, deletions and insertions per 100 words, plain and perturbed; null for texts. */
  errors: z
    .tuple([
      z.tuple([z.number(), z.number(), z.number()]),
      z.tuple([z.number(), z.number(), z.number()]),
    ])
    .nullable(),
});
export type Cell = z.infer<typeof cellSchema>;

const choiceSchema = z.strictObject({
  domain: z.enum(DOMAINS),
  pool: z.string(),
  rule: z.string(),
  overPlain: gainSchema,
  overBeams: gainSchema,
  /** Over the pool of random steps with the same rule; null where there is none. */
  overRandom: gainSchema.nullable(),
});

/** One domain as a whole, greedy. */
const summarySchema = z.strictObject({
  items: z.int(),
  plain: z.number(),
  gain: gainSchema,
  pearson: z.number(),
  spearman: z.number(),
});
export type DomainSummary = z.infer<typeof summarySchema>;

const exampleSchema = z.strictObject({
  condition: z.string(),
  name: z.string(),
  reference: z.string(),
  plain: z.string(),
  perturbed: z.string(),
  /** Of this input, in points. */
  gain: z.number(),
});
export type Example = z.infer<typeof exampleSchema>;

const subjectSchema = z.strictObject({
  model: z.string(),
  task: z.enum(['transcribe', 'translate']),
  dtype: z.literal('fp32'),
  encoderSha256: z.string(),
  decoderSha256: z.string(),
  proxy: z.strictObject({
    id: z.string(),
    sha256: z.string(),
    parameters: z.int(),
    normalisation: z.string(),
    preconditioning: z.string(),
    gate: z.string(),
  }),
  metric: z.string(),
  /** Chosen on dev. */
  alpha: z.number(),
  dev: z.strictObject({
    items: z.strictObject({ shifted: z.int(), inDomain: z.int() }),
    shifted: z.array(sweepPointSchema).readonly(),
    inDomain: z.array(sweepPointSchema).readonly(),
    /** The suggested α in several small steps: gain over the one step. */
    smallSteps: z
      .array(z.strictObject({ steps: z.int(), domain: z.enum(DOMAINS), overOne: gainSchema }))
      .readonly(),
  }),
  test: z.strictObject({
    correlations: z
      .array(
        z.strictObject({
          domain: z.enum(DOMAINS),
          condition: z.string(),
          items: z.int(),
          /** Null where one side is constant. */
          pearson: z.number().nullable(),
          spearman: z.number().nullable(),
        }),
      )
      .readonly(),
    cells: z.array(cellSchema).readonly(),
    candidates: z.array(z.number()).readonly(),
    choices: z.array(choiceSchema).readonly(),
  }),
  /** The same α with the int8 files, test, greedy. */
  int8: z.strictObject({ shifted: summarySchema, inDomain: summarySchema }),
  examples: z.array(exampleSchema).readonly(),
});
export type SubjectResults = z.infer<typeof subjectSchema>;

const resultsSchema = z.strictObject({
  format: z.literal('veer-perturbation-results'),
  version: z.literal(1),
  command: z.string(),
  seed: z.int(),
  resamples: z.int(),
  subjects: z.array(subjectSchema).readonly(),
});
export type Results = z.infer<typeof resultsSchema>;

/** The seed of the pages and plots. */
export const FIRST_SEED = 1;
const OF_OTHER_SEEDS = /^results-seed-\d+\.json$/;

export function fileOf(folder: string, seed: number): string {
  return join(folder, seed === FIRST_SEED ? 'results.json' : `results-seed-${seed}.json`);
}

/** What was measured with other seeds, of the same models and proxies as `results`. */
export async function readOtherSeeds(
  folder: string,
  { subjects }: Results,
): Promise<readonly Results[]> {
  const known = new Set(subjects.map(keyOf));
  const names = (await readdir(folder)).filter((name) => OF_OTHER_SEEDS.test(name));
  const others = await Promise.all(names.map((name) => readResults(join(folder, name))));
  return others
    .map((other) => ({
      ...other,
      subjects: other.subjects.filter((subject) => known.has(keyOf(subject))),
    }))
    .filter((other) => other.subjects.length > 0)
    .sort((a, b) => a.seed - b.seed);
}

function keyOf({ encoderSha256, decoderSha256, proxy, alpha }: SubjectResults): string {
  return [encoderSha256, decoderSha256, proxy.sha256, alpha].join(' ');
}

/** @throws Error where the file is missing or of another format */
export async function readResults(path: string): Promise<Results> {
  return resultsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

export function writeResults(path: string, results: Results): Promise<void> {
  return writeWhole(path, `${JSON.stringify(results, null, 1)}\n`);
}
