/** What the application does with its database open: importing, the queue, deletion, media, export. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { NamedText } from '../contract/app-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { ExportFormat } from '../contract/export-formats.ts';
import type { ItemKind, RunScores } from '../contract/history.ts';
import type { ItemSource, Job, RunSettings } from '../contract/jobs.ts';
import { readTextFile } from '../documents/plain-text.ts';
import { segmentText } from '../documents/segment-text.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { formatResult } from '../export/format-result.ts';
import { History } from '../history/history.ts';
import type { EncoderCache } from '../jobs/encoder-cache.ts';
import { JobQueue } from '../jobs/job-queue.ts';
import { type Peaks, type PeaksQuery, readPeaks } from '../media/read-peaks.ts';
import { readMeasurements } from '../settings/device-measurements.ts';
import type { SettingsFile } from '../settings/settings-file.ts';
import type { DataFolder } from './data-folder.ts';
import { Deletion } from './deletion.ts';
import { exportName } from './export-name.ts';
import type { Grants } from './grants.ts';
import { keepSource } from './keep-source.ts';
import { MediaPreparer, type MediaStore } from './media-preparer.ts';
import { type PlannedRun, planRun } from './plan-run.ts';
import { runScores } from './run-scores.ts';

export interface CoreParts {
  readonly folder: DataFolder;
  readonly settings: SettingsFile;
  readonly engine: EngineClient;
  readonly mediaEngine: EngineClient;
  readonly encoderCache: EncoderCache;
  readonly grants: Grants;
  readonly modelDirectories: readonly string[];
  readonly samplesDirectory: string;
  readonly mediaUrl: (itemId: string) => string;
  readonly now: () => number;
  readonly reportFault: (fault: unknown) => void;
}

export class Core {
  readonly history: History;
  readonly queue: JobQueue;
  readonly #parts: CoreParts;
  readonly #media: MediaPreparer;
  readonly #deletion: Deletion;

  /** @throws VeerError DATABASE_IN_USE, DATABASE_DAMAGED, DATABASE_FROM_FUTURE, DATABASE_UNUSABLE */
  constructor(parts: CoreParts) {
    const { folder, settings, engine, mediaEngine, encoderCache, now, reportFault } = parts;
    this.#parts = parts;
    const history = History.open({
      file: folder.database,
      backupsDirectory: folder.backups,
      now,
    });
    this.history = history;
    this.queue = new JobQueue({
      store: history.jobs,
      engine,
      planRun: (asked) => this.#plan(asked),
      readSentences,
      encoderCache,
      reportFault,
    });
    const media: MediaStore = {
      waitingMedia: () => history.waitingMedia(),
      setMedia: (itemId, state, duration) => {
        history.setMedia(itemId, state, duration);
        this.queue.tellOfItems([itemId]);
      },
    };
    this.#media = new MediaPreparer(media, mediaEngine, folder, reportFault);
    this.#deletion = new Deletion({
      history,
      settings,
      now,
      reportFault,
      stop: async (itemId) => {
        await this.queue.stopItem(itemId);
        await this.#media.forget(itemId);
      },
      removeFiles: async (itemId) => {
        await folder.remove(itemId);
        await encoderCache.remove(itemId);
      },
      tell: (itemIds) => this.queue.tellOfListedItems(itemIds),
    });
    this.#deletion.start();
    this.queue.start();
    this.#media.wake();
  }

  /**
   * Stores the item, then queues it.
   *
   * @throws VeerError GRANT_UNKNOWN, FILE_…, DISK_FULL, OUTPUT_NOT_WRITABLE, MODEL_NOT_FOUND and
   *   what else speaks against the settings
   */
  async add(input: {
    readonly source: ItemSource;
    readonly settings: RunSettings;
    readonly keep: boolean;
  }): Promise<Job> {
    const { settings } = await this.#plan(input.settings);
    const id = randomUUID();
    try {
      const item = await keepSource(
        input.source,
        { id, keep: input.keep },
        settings.task,
        this.#parts,
      );
      const job = this.queue.addItem(item, settings);
      this.#media.wake();
      return job;
    } catch (error) {
      await this.#parts.folder.remove(id);
      throw error;
    }
  }

  async runAgain(itemId: string, asked: RunSettings): Promise<Job> {
    const { settings } = await this.#plan(asked);
    return this.queue.addRun(itemId, settings);
  }

  async updateJob(jobId: string, asked: RunSettings): Promise<Job> {
    const { settings } = await this.#plan(asked);
    return this.queue.update(jobId, settings);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  rename(itemId: string, name: string): void {
    this.history.rename(itemId, name);
    this.queue.tellOfListedItems([itemId]);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  setKeep(itemId: string, keep: boolean): void {
    this.history.setKeep(itemId, keep);
    this.queue.tellOfItems([itemId]);
  }

  /** A job that runs or waits uses the model. */
  needsModel(id: string): boolean {
    return this.queue
      .list()
      .some(
        ({ state, settings }) =>
          settings.model === id && (state === 'running' || state === 'waiting'),
      );
  }

  /** @returns until when it can be undone */
  delete(itemIds: readonly string[]): Promise<{ until: number }> {
    return this.#deletion.delete(itemIds);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  restore(itemIds: readonly string[]): void {
    this.#deletion.restore(itemIds);
    this.#media.wake();
  }

  /** Retention and the bounds of what is stored follow at once. */
  async settingsChanged(): Promise<void> {
    await this.#deletion.purgeDue();
  }

  /** @throws VeerError RUN_NOT_FOUND */
  scores(runId: string): Promise<RunScores | null> {
    return runScores(this.history, runId);
  }

  /** @throws VeerError RUN_NOT_FOUND, VARIANT_NOT_FOUND, and those of the writers */
  export(runId: string, format: ExportFormat, alpha: number | null): NamedText {
    const result = this.history.result(runId, alpha);
    return {
      fileName: exportName(result.source.path, result.task, result.language, format),
      content: formatResult(result, format, 0),
    };
  }

  /** @throws VeerError ITEM_NOT_FOUND, MEDIA_NOT_READY */
  playbackFile(itemId: string): string {
    const { name, kind, media } = this.history.item(itemId);
    const path = this.#parts.folder.playback(itemId);
    if (media === 'ready' && existsSync(path)) return path;
    throw mediaNotReady(name, kind);
  }

  /** @throws as `playbackFile` */
  playbackUrl(itemId: string): string {
    this.playbackFile(itemId);
    return this.#parts.mediaUrl(itemId);
  }

  /** @throws as `playbackFile` */
  async peaks({ itemId, ...query }: PeaksQuery & { readonly itemId: string }): Promise<Peaks> {
    this.playbackFile(itemId);
    return readPeaks(this.#parts.folder.peaks(itemId), query);
  }

  async close(): Promise<void> {
    await this.queue.close();
    await this.#media.close();
    await this.#deletion.close();
    await this.history.close();
  }

  async #plan(asked: RunSettings): Promise<PlannedRun> {
    const { settings, folder, modelDirectories } = this.#parts;
    const { options, ...plan } = await planRun(asked, settings.current, modelDirectories);
    const measurements = [...(await readMeasurements(folder.deviceMeasurements))];
    return { ...plan, options: { ...options, measurements } };
  }
}

async function readSentences(path: string, sourceLanguage: string | null) {
  const { text } = await readTextFile(path);
  return segmentText(text, sourceLanguage ?? 'en');
}

function mediaNotReady(name: string, kind: ItemKind): VeerError {
  const why = kind === 'audio' ? 'is still being prepared or could not be' : 'is a text';
  return new VeerError(
    'MEDIA_NOT_READY',
    `There is nothing to play: “${name}” ${why}. Try again in a moment.`,
  );
}
