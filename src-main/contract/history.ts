/**
 * What the history holds and how it is read. Machine output is never changed: a correction stands
 * beside the variant it was made on. Units as in jobs.ts and result.ts.
 */

import { z } from 'zod';
import { idSchema, jobErrorSchema, jobStateSchema, runSettingsSchema } from './jobs.ts';
import {
  deviceUseSchema,
  modelIdentitySchema,
  proxyIdentitySchema,
  segmentSchema,
  timingsSchema,
  variantSchema,
} from './result.ts';

const momentSchema = z.int().nonnegative();

const itemKindSchema = z.enum(['audio', 'text']);
export type ItemKind = z.infer<typeof itemKindSchema>;

/** Playback copy and peaks of an audio item; `none` for texts. */
const mediaStateSchema = z.enum(['none', 'waiting', 'ready', 'failed']);
export type MediaState = z.infer<typeof mediaStateSchema>;

const itemSchema = z.strictObject({
  id: idSchema,
  kind: itemKindSchema,
  name: z.string(),
  createdAt: momentSchema,
  /** Seconds of audio; null for text, and until it is known. */
  duration: z.number().nonnegative().nullable(),
  media: mediaStateSchema,
  /** False: deleted when the program ends ("do not keep this item"). */
  keep: z.boolean(),
  /** Set while a deletion can be undone. */
  deletedAt: momentSchema.nullable(),
  /** Of its newest run; null where it has none. */
  runId: idSchema.nullable(),
  /** Of that run's own job; jobs for more versions of it do not count. */
  state: jobStateSchema.nullable(),
  /** The first words of the text as it stands. */
  excerpt: z.string(),
});
export type Item = z.infer<typeof itemSchema>;

const runSchema = z.strictObject({
  id: idSchema,
  itemId: idSchema,
  createdAt: momentSchema,
  settings: runSettingsSchema,
  /** Every α that some unit has, ascending. */
  alphas: z.array(z.number()),
  /** Known once the run has begun. */
  model: modelIdentitySchema.nullable(),
  proxy: proxyIdentitySchema.nullable(),
  device: deviceUseSchema.nullable(),
  threads: z.int().positive().nullable(),
  language: z.string().nullable(),
  sourceLanguage: z.string().nullable(),
  /** Text before the first sentence; null for audio. */
  leading: z.string().nullable(),
  segments: z.int().nonnegative(),
  /** Of the run's own job; jobs for more versions do not count. */
  state: jobStateSchema,
  error: jobErrorSchema.nullable(),
  /** Milliseconds, summed over the jobs of the run; null until one has ended. */
  timings: timingsSchema.nullable(),
});
export type HistoryRun = z.infer<typeof runSchema>;

const correctionSchema = z.strictObject({
  /** The variant it was made on. */
  alpha: z.number(),
  text: z.string(),
  createdAt: momentSchema,
});
export type Correction = z.infer<typeof correctionSchema>;

/** A segment as it is read: without token ids, with what people did to it. */
export const segmentViewSchema = segmentSchema.omit({ variants: true }).extend({
  variants: z.array(variantSchema.omit({ tokenIds: true })).min(1),
  /** The version that is the text now: that of the run's `choice` until a person keeps one. */
  chosenAlpha: z.number(),
  /** A person has kept a version or corrected one. */
  reviewed: z.boolean(),
  /** The newest correction of the chosen version. */
  correction: correctionSchema.nullable(),
  /** The text as it stands: the correction, or else the chosen version. */
  text: z.string(),
  /** What it should say, where a person supplied it. */
  reference: z.string().nullable(),
});
export type SegmentView = z.infer<typeof segmentViewSchema>;

export const MOST_SEGMENTS = 5000;
export const MOST_CHANGES = 5000;

/** What a person does to a unit. Machine output stays; every change can be taken back by another. */
export const unitChangeSchema = z.discriminatedUnion('type', [
  /**
   * Makes a version the text. Null: as nobody had chosen, so that the text is what the program chose,
   * else plain output (or, where a unit has none, the version that it was stored with).
   */
  z.strictObject({
    type: z.literal('choose'),
    index: z.int().nonnegative(),
    alpha: z.number().nullable(),
  }),
  /** Corrects a version; again with the same text adds nothing. Null takes its newest one back. */
  z.strictObject({
    type: z.literal('correct'),
    index: z.int().nonnegative(),
    alpha: z.number(),
    text: z.string().max(100_000).nullable(),
  }),
]);
export type UnitChange = z.infer<typeof unitChangeSchema>;

export const runScoresSchema = z.strictObject({
  /**
   * WER as a fraction (0 is perfect, lower is better), of words without case and punctuation; chrF
   * from 0 to 100 (higher is better), of the texts as they are. Of all units as one corpus.
   */
  metric: z.enum(['wer', 'chrf']),
  /** `units`: over units with a reference of their own; `whole`: over the text of the item. */
  over: z.enum(['units', 'whole']),
  /** Units that were measured. */
  units: z.int().positive(),
  /** The text as it stands, with choices and corrections. */
  standing: z.number(),
  /** Machine output, ascending α; those only that every measured unit has. */
  versions: z.array(z.strictObject({ alpha: z.number(), score: z.number() })),
});
export type RunScores = z.infer<typeof runScoresSchema>;
const MOST_ITEMS = 200;

export const historyQuerySchema = z.strictObject({
  /** Words, the last one as a beginning; looked for in names and texts. Empty: everything. */
  text: z.string().max(500).default(''),
  kind: itemKindSchema.nullable().default(null),
  state: jobStateSchema.nullable().default(null),
  /** From the answer before, for the next page. */
  cursor: z.string().max(100).nullable().default(null),
  limit: z.int().min(1).max(MOST_ITEMS).default(50),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

export const historyPageSchema = z.strictObject({
  /** Newest first. */
  items: z.array(
    itemSchema.extend({
      /** The place that was found, with the words between U+E000 and U+E001; null without a text. */
      found: z.string().nullable(),
    }),
  ),
  cursor: z.string().nullable(),
  /** Of all pages. */
  total: z.int().nonnegative(),
});
export type HistoryPage = z.infer<typeof historyPageSchema>;

export const itemDetailSchema = z.strictObject({
  item: itemSchema,
  /** Newest first. */
  runs: z.array(runSchema),
  /** What the whole text should say, where a person supplied it. */
  reference: z.string().nullable(),
});
export type ItemDetail = z.infer<typeof itemDetailSchema>;
