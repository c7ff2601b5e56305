/**
 * Items, runs and jobs. An item is an imported file or text. A run is one set of settings applied
 * to it, with segments and their variants. A job is the work on a run that the queue does.
 *
 * Units: moments are milliseconds since 1970 (UTC); durations are seconds of audio.
 */

import { z } from 'zod';
import { weightsSchema } from './devices.ts';
import { MOST_ALPHAS } from './engine-contract.ts';
import { ERROR_CODES } from './errors.ts';
import { taskSchema } from './result.ts';
import { searchSchema } from './search.ts';
import { speechSchema } from './speech.ts';

export const idSchema = z.uuid();
const momentSchema = z.int().nonnegative();
const alphasSchema = z.array(z.number()).min(1).max(MOST_ALPHAS);

const choiceSchema = z.enum(['plain', 'automatic']);
export type Choice = z.infer<typeof choiceSchema>;

/** What a run is to do; null leaves a choice to the program, which stores what it chose. */
export const runSettingsSchema = z.strictObject({
  task: taskSchema,
  /** Name of a model in the list. */
  model: z.string().min(1).nullable(),
  /** Name of a proxy of the model. */
  proxy: z.string().min(1).nullable(),
  dtype: weightsSchema.nullable(),
  /**
   * Null: plain output, and the suggested α where the proxy has a proven gain; with an automatic
   * choice those of alpha-choice.ts.
   */
  alphas: alphasSchema.nullable(),
  /**
   * The version of a unit that is its text until a person keeps one: plain output, or the one that
   * is most like those of the other α (minimum Bayes risk).
   */
  choice: choiceSchema,
  /** BCP 47 tag of the language to write; null takes the model's own. */
  language: z.string().min(1).nullable(),
  /** BCP 47 tag of what is read or heard; null takes the model's own, or what it detects. */
  sourceLanguage: z.string().min(1).nullable(),
  /** How to look for the output. Null: greedy. */
  search: searchSchema
    .refine((search) => search.strategy !== 'beam' || search.returnSequences === 1, {
      error: 'The history keeps one output of a version.',
      path: ['returnSequences'],
    })
    .nullable(),
  /** Recordings: how they are written down, by models of Whisper's family. Null: plain. */
  speech: speechSchema
    .refine(({ longForm, conditionOnPrevious }) => longForm !== 'chunked' && !conditionOnPrevious, {
      error: 'A run must be able to go on in the middle, and to write single units again.',
      path: ['longForm'],
    })
    .nullable(),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/**
 * waiting → running → done | failed | cancelled. A running job waits again after a crash, or when a
 * more urgent one goes first. failed and cancelled wait again on retry, and go on at the segment
 * where they were.
 */
const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export const jobStateSchema = z.enum(JOB_STATES);
export type JobState = z.infer<typeof jobStateSchema>;

/** What is being done to a running job. */
const jobStageSchema = z.enum(['loading', 'decoding']);
export type JobStage = z.infer<typeof jobStageSchema>;

export const jobErrorSchema = z.strictObject({ code: z.enum(ERROR_CODES), message: z.string() });
export type JobError = z.infer<typeof jobErrorSchema>;

/** `whole`: every unit of the item. `variants`: more α for units that are done; goes first. */
export const jobWorkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('whole') }),
  z.strictObject({
    kind: z.literal('variants'),
    alphas: alphasSchema,
    /** Indices of the units; null for all of the run. */
    units: z.array(z.int().nonnegative()).min(1).nullable(),
  }),
]);
export type JobWork = z.infer<typeof jobWorkSchema>;

export const jobSchema = z.strictObject({
  id: idSchema,
  itemId: idSchema,
  runId: idSchema,
  /** Name of the item, for lists. */
  name: z.string(),
  work: jobWorkSchema,
  state: jobStateSchema,
  /** Of a running job. */
  stage: jobStageSchema.nullable(),
  /** Order in the queue; smaller goes first. Not contiguous. */
  position: z.number(),
  settings: runSettingsSchema,
  /** Seconds of audio or sentences. */
  done: z.number().nonnegative(),
  /** Null while it is not known. */
  total: z.number().nonnegative().nullable(),
  /** Segments committed so far. */
  segments: z.int().nonnegative(),
  error: jobErrorSchema.nullable(),
  createdAt: momentSchema,
  startedAt: momentSchema.nullable(),
  finishedAt: momentSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;

/** What the queue tells its watchers. The first event is the snapshot. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('snapshot'), jobs: z.array(jobSchema) }),
  z.strictObject({ type: z.literal('changed'), job: jobSchema }),
  z.strictObject({ type: z.literal('removed'), jobId: idSchema }),
  /** Text of a unit as it grows, per α; not stored. */
  z.strictObject({
    type: z.literal('partial'),
    jobId: idSchema,
    runId: idSchema,
    index: z.int().nonnegative(),
    texts: z.array(z.string()),
  }),
  /** A segment was committed. */
  z.strictObject({
    type: z.literal('segment'),
    jobId: idSchema,
    runId: idSchema,
    index: z.int().nonnegative(),
  }),
  /** How many units had to be encoded again because their encoder output was not stored any more. */
  z.strictObject({
    type: z.literal('encoded-again'),
    jobId: idSchema,
    runId: idSchema,
    units: z.int().positive(),
  }),
  /** Something of an item changed that no job did: its name, its playback copy, its deletion. */
  z.strictObject({ type: z.literal('item'), itemId: idSchema }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;

/** Files that come with the program, to be tried (resources/samples). */
const SAMPLES = [
  'noisy-digits.en.opus',
  'recorded-digits.en.flac',
  'synthetic-voice.en.mp3',
  'letter.en.txt',
  'letter.de.txt',
] as const;
export type Sample = (typeof SAMPLES)[number];

/** Where a new item comes from. Paths never cross this boundary: a shell grants a file. */
export const itemSourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('grant'), grantId: idSchema }),
  z.strictObject({
    type: z.literal('text'),
    name: z.string().min(1).max(200),
    text: z.string().min(1).max(10_000_000),
  }),
  z.strictObject({ type: z.literal('sample'), name: z.enum(SAMPLES) }),
]);
export type ItemSource = z.infer<typeof itemSourceSchema>;
