/**
 * What the application offers its screens: the same over a WebSocket, a child process's channel and
 * Electron's message ports. Inputs are checked here, at the boundary; errors cross it with a stable
 * code (errors.ts); streams begin with what there is and go on with what changes. No path crosses
 * it: a shell grants a file and hands out the grant's id.
 */

import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { deviceInfoSchema } from './engine-contract.ts';
import {
  historyPageSchema,
  historyQuerySchema,
  itemDetailSchema,
  MOST_SEGMENTS,
  segmentViewSchema,
} from './history.ts';
import {
  idSchema,
  itemSourceSchema,
  jobEventSchema,
  jobSchema,
  jobWorkSchema,
  runSettingsSchema,
} from './jobs.ts';
import { modelListSchema } from './model-list.ts';
import { settingsChangeSchema, settingsSchema } from './settings.ts';

/** Formats of an exported item. */
export const EXPORT_FORMATS = ['txt', 'json', 'srt', 'vtt'] as const;
const exportFormatSchema = z.enum(EXPORT_FORMATS);
export type ExportFormat = z.infer<typeof exportFormatSchema>;

const databaseStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ready') }),
  /** Nothing but `app` can be used until one of the ways out was taken. */
  z.strictObject({
    state: z.literal('unusable'),
    code: z.enum(['DATABASE_DAMAGED', 'DATABASE_FROM_FUTURE', 'DATABASE_UNUSABLE']),
    message: z.string(),
    /** Names of backups that can be put back, newest first. */
    backups: z.array(z.string()),
  }),
]);
export type DatabaseState = z.infer<typeof databaseStateSchema>;

const appInfoSchema = z.strictObject({
  version: z.string(),
  shell: z.enum(['web', 'electron']),
  /** Folder that holds everything the program stores, to be shown. */
  dataDirectory: z.string(),
  database: databaseStateSchema,
});
export type AppInfo = z.infer<typeof appInfoSchema>;

const itemInput = z.strictObject({ itemId: idSchema });
const jobInput = z.strictObject({ jobId: idSchema });
const segmentInput = z.strictObject({ runId: idSchema, index: z.int().nonnegative() });
const manyItems = z.strictObject({ itemIds: z.array(idSchema).min(1).max(10_000) });

export const appContract = {
  app: {
    info: oc.output(appInfoSchema),
    /** Puts a backup back; the database of now is kept beside it under another name. */
    restoreBackup: oc.input(z.strictObject({ name: z.string().min(1) })).output(appInfoSchema),
    /** Sets the unusable database aside and begins an empty one. */
    startEmpty: oc.output(appInfoSchema),
  },
  jobs: {
    /** Stores the item first, then queues it: nothing is lost from here on. */
    add: oc
      .input(
        z.strictObject({
          source: itemSourceSchema,
          settings: runSettingsSchema,
          keep: z.boolean(),
        }),
      )
      .output(jobSchema),
    /** Another run of an item, or more α for a run. */
    again: oc
      .input(
        z.discriminatedUnion('type', [
          z.strictObject({
            type: z.literal('run'),
            itemId: idSchema,
            settings: runSettingsSchema,
          }),
          z.strictObject({
            type: z.literal('variants'),
            runId: idSchema,
            work: jobWorkSchema.options[1],
          }),
        ]),
      )
      .output(jobSchema),
    list: oc.output(z.array(jobSchema)),
    watch: oc.output(eventIterator(jobEventSchema)),
    /** @throws JOB_STATE unless it waits */
    update: oc
      .input(z.strictObject({ jobId: idSchema, settings: runSettingsSchema }))
      .output(jobSchema),
    /** Before another waiting job; null: to the end. @throws JOB_STATE unless it waits */
    move: oc
      .input(z.strictObject({ jobId: idSchema, before: idSchema.nullable() }))
      .output(jobSchema),
    /** Keeps what is done. @throws JOB_STATE unless it waits or runs */
    cancel: oc.input(jobInput).output(jobSchema),
    /** Goes on where it was. @throws JOB_STATE unless it failed or was cancelled */
    retry: oc.input(jobInput).output(jobSchema),
    /** From the list only; the item stays. @throws JOB_STATE while it runs or waits */
    remove: oc.input(jobInput),
  },
  history: {
    list: oc.input(historyQuerySchema).output(historyPageSchema),
    open: oc.input(itemInput).output(itemDetailSchema),
    /** In the order of the file, from `from` on. */
    segments: oc
      .input(
        z.strictObject({
          runId: idSchema,
          from: z.int().nonnegative(),
          limit: z.int().min(1).max(MOST_SEGMENTS),
        }),
      )
      .output(z.array(segmentViewSchema)),
    rename: oc.input(z.strictObject({ itemId: idSchema, name: z.string().min(1).max(200) })),
    setKeep: oc.input(z.strictObject({ itemId: idSchema, keep: z.boolean() })),
    /** Cancels their jobs. After `undoSeconds` nothing of them is left on the disk. */
    delete: oc.input(manyItems).output(z.strictObject({ until: z.int().nonnegative() })),
    /** @throws ITEM_NOT_FOUND once the time to undo is over */
    restore: oc.input(manyItems),
    /** Makes another version the text. @throws VARIANT_NOT_FOUND */
    choose: oc.input(segmentInput.extend({ alpha: z.number() })).output(segmentViewSchema),
    /** Of one version; null takes the newest correction back. @throws VARIANT_NOT_FOUND */
    correct: oc
      .input(segmentInput.extend({ alpha: z.number(), text: z.string().max(100_000).nullable() }))
      .output(segmentViewSchema),
    /** What should be said: of one unit, or (index null) of the whole text. Null removes it. */
    setReference: oc.input(
      z.strictObject({
        runId: idSchema,
        index: z.int().nonnegative().nullable(),
        text: z.string().max(10_000_000).nullable(),
      }),
    ),
    export: oc
      .input(
        z.strictObject({
          runId: idSchema,
          format: exportFormatSchema,
          /** Null: the text as it stands, with choices and corrections. */
          alpha: z.number().nullable(),
        }),
      )
      .output(z.strictObject({ fileName: z.string(), content: z.string() })),
  },
  media: {
    /** Where the playback copy can be fetched in parts, for an audio element. @throws MEDIA_NOT_READY */
    playback: oc.input(itemInput).output(z.strictObject({ url: z.string() })),
    /**
     * Lowest and highest sample of equal pieces of the recording, -1 to 1, at the stored resolution
     * that is nearest to, and not coarser than, the one asked for (or the finest).
     */
    peaks: oc
      .input(
        z.strictObject({
          itemId: idSchema,
          /** Seconds. */
          from: z.number().nonnegative(),
          to: z.number().positive(),
          /** Pieces wanted over the span. */
          pieces: z.int().min(1).max(20_000),
        }),
      )
      .output(
        z.strictObject({
          /** Seconds that one piece covers. */
          step: z.number().positive(),
          /** Seconds at which the first piece begins; at most `from`. */
          from: z.number().nonnegative(),
          low: z.array(z.number()),
          high: z.array(z.number()),
        }),
      ),
  },
  models: { list: oc.output(modelListSchema) },
  devices: { list: oc.output(z.array(deviceInfoSchema)) },
  settings: {
    get: oc.output(settingsSchema),
    update: oc.input(settingsChangeSchema).output(settingsSchema),
  },
};
