/**
 * What the application offers its screens: the same over a WebSocket, a child process's channel and
 * Electron's message ports. Inputs are checked here, at the boundary; errors cross it with a stable
 * code (errors.ts); streams begin with what there is and go on with what changes. No path crosses
 * it: a shell grants a file and hands out the grant's id.
 */

import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dtypeSchema } from './devices.ts';
import { deviceInfoSchema } from './engine-contract.ts';
import { EXPORT_FORMATS } from './export-formats.ts';
import {
  historyPageSchema,
  historyQuerySchema,
  itemDetailSchema,
  MOST_CHANGES,
  MOST_SEGMENTS,
  runScoresSchema,
  segmentViewSchema,
  unitChangeSchema,
} from './history.ts';
import {
  idSchema,
  itemSourceSchema,
  jobEventSchema,
  jobSchema,
  jobWorkSchema,
  runSettingsSchema,
} from './jobs.ts';
import { MODEL_NAME } from './model-import.ts';
import { importEventSchema, importedFileSchema, modelListSchema } from './model-list.ts';
import { settingsChangeSchema, settingsSchema } from './settings.ts';

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

/** What takes room in the data folder. */
const STORAGE_PARTS = [
  'database',
  'backups',
  'items',
  'encoder-cache',
  'proxy-training',
  'models',
] as const;
const storageSchema = z.array(
  z.strictObject({ part: z.enum(STORAGE_PARTS), bytes: z.int().nonnegative() }),
);
export type Storage = z.infer<typeof storageSchema>;

/** Text that the screens hand to a person as a file. */
const namedTextSchema = z.strictObject({ fileName: z.string(), content: z.string() });
export type NamedText = z.infer<typeof namedTextSchema>;

const itemInput = z.strictObject({ itemId: idSchema });
const jobInput = z.strictObject({ jobId: idSchema });
const manyItems = z.strictObject({ itemIds: z.array(idSchema).min(1).max(10_000) });

export const appContract = {
  app: {
    info: oc.output(appInfoSchema),
    /** Puts a backup back; the database of now is kept beside it under another name. */
    restoreBackup: oc.input(z.strictObject({ name: z.string().min(1) })).output(appInfoSchema),
    /** Sets the unusable database aside and begins an empty one. */
    startEmpty: oc.output(appInfoSchema),
    /** Of the data folder; every part once, in this order. */
    storage: oc.output(storageSchema),
    /** Encoder outputs that are stored to save time; they are made anew where they are needed. */
    clearEncoderCache: oc.output(storageSchema),
    /** What models made of the examples that proxies were trained on (`veer proxy`); it is made anew too. */
    clearTrainingCache: oc.output(storageSchema),
    /**
     * For whoever asks for help: versions, devices, models, settings, counts, codes of errors. No
     * name of an item, no text, no path of a person's file.
     */
    diagnostics: oc.output(namedTextSchema),
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
    /**
     * What a person does to units, in this order; all or none. Answers with the units that were
     * named, as they stand now, in the order of the file. @throws SEGMENT_NOT_FOUND, VARIANT_NOT_FOUND
     */
    change: oc
      .input(
        z.strictObject({
          runId: idSchema,
          changes: z.array(unitChangeSchema).min(1).max(MOST_CHANGES),
        }),
      )
      .output(z.array(segmentViewSchema)),
    /**
     * How far the text as it stands, and each α, are from the reference. Measured over the units
     * that have a reference, or else over the whole text. Null where there is no reference.
     */
    scores: oc.input(z.strictObject({ runId: idSchema })).output(runScoresSchema.nullable()),
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
          format: z.enum(EXPORT_FORMATS),
          /** Null: the text as it stands, with choices and corrections. */
          alpha: z.number().nullable(),
        }),
      )
      .output(namedTextSchema),
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
  models: {
    list: oc.output(modelListSchema),
    /** The model's own README.md; null where it has none. @throws MODEL_NOT_FOUND */
    card: oc
      .input(z.strictObject({ id: z.string().min(1) }))
      .output(z.strictObject({ markdown: z.string().nullable() })),
    /**
     * Brings a model in: a folder with graphs is copied beside the imported ones; of weights, or of an archive
     * of either, a folder is made there. Checks what it holds, and has the engine decode something with
     * every dtype. Nothing of it stays where any of this fails, or
     * where the call is cancelled. @throws MODEL_EXISTS, MODEL_…, DTYPE_…, TOKENIZER_…, PROXY_…,
     * DISK_FULL, GRANT_UNKNOWN
     */
    import: oc
      .input(
        z.strictObject({
          /** Becomes the model's name. */
          name: z.string().regex(MODEL_NAME),
          files: z.array(importedFileSchema).min(1).max(1000),
          /** Of graphs that are to be made; left out or null: int8 and fp16. */
          dtypes: z.array(dtypeSchema).min(1).nullish(),
        }),
      )
      .output(eventIterator(importEventSchema)),
    /** Imported ones only. @throws MODEL_NOT_FOUND */
    remove: oc.input(z.strictObject({ id: z.string().min(1) })).output(modelListSchema),
  },
  devices: { list: oc.output(z.array(deviceInfoSchema)) },
  settings: {
    get: oc.output(settingsSchema),
    update: oc.input(settingsChangeSchema).output(settingsSchema),
  },
};
