/**
 * The application without a shell: what both composition roots (web.ts, main.ts) start. It owns the
 * data folder and the two engine processes. Where the database cannot be used, the application is
 * there all the same and offers the ways out.
 */

import { rm } from 'node:fs/promises';
import type { AppInfo, DatabaseState, NamedText, Storage } from '../contract/app-contract.ts';
import type { DeviceInfo } from '../contract/engine-contract.ts';
import { type ErrorCode, VeerError } from '../contract/errors.ts';
import type { ImportEvent, ModelList } from '../contract/model-list.ts';
import type { Settings, SettingsChange } from '../contract/settings.ts';
import { EngineClient } from '../engine-client/engine-client.ts';
import type { LaunchEngine } from '../engine-client/engine-process.ts';
import { listBackups, restoreBackup, setAside } from '../history/ways-out.ts';
import { EncoderCache } from '../jobs/encoder-cache.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { Core } from './core.ts';
import { DataFolder, naming } from './data-folder.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Grants } from './grants.ts';
import type { ImportRequest } from './model-import.ts';
import { ModelLibrary } from './model-library.ts';
import { storageOf } from './storage.ts';

export interface AppOptions {
  readonly dataDirectory: string;
  /** Of the models that come with the program; imported ones lie in the data folder. */
  readonly modelDirectories: readonly string[];
  /** Files that come with the program, to be tried. */
  readonly samplesDirectory: string;
  readonly shell: 'web' | 'electron';
  readonly version: string;
  /** Starts engine processes; left out: Node's child processes. */
  readonly launchEngine?: LaunchEngine;
  /** Where the shell serves the playback copy of an item. */
  readonly mediaUrl: (itemId: string) => string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Is told of failures without a name, for the log. */
  readonly reportFault?: (fault: unknown) => void;
}

type Unusable = Extract<DatabaseState, { state: 'unusable' }>;

export class App {
  readonly grants = new Grants();
  readonly settings: SettingsFile;
  readonly #options: AppOptions;
  readonly #folder: DataFolder;
  readonly #engine: EngineClient;
  readonly #encoderCache: EncoderCache;
  readonly #library: ModelLibrary;
  #database: Core | Unusable;

  private constructor(options: AppOptions, folder: DataFolder) {
    this.#options = options;
    this.#folder = folder;
    this.settings = SettingsFile.open(folder.settings);
    const launch = options.launchEngine;
    this.#engine = new EngineClient({ onCrash: 'fail', ...(launch && { launch }) });
    this.#encoderCache = new EncoderCache(
      folder.encoderCache,
      () => this.settings.current.encoderCacheBytes,
    );
    this.#library = new ModelLibrary({
      bundled: options.modelDirectories,
      imported: folder.models,
      grants: this.grants,
      version: options.version,
      startEngine: () => new EngineClient({ onCrash: 'fail', ...(launch && { launch }) }),
      isInUse: (id) => this.#database instanceof Core && this.#database.needsModel(id),
    });
    this.#database = this.#openDatabase();
  }

  /**
   * Opens the data folder, makes it where it is not there, and goes on with what waits.
   *
   * @throws VeerError DATABASE_IN_USE where another Veer has it open, OUTPUT_NOT_WRITABLE,
   *   SETTINGS_INVALID
   */
  static async open(options: AppOptions): Promise<App> {
    const folder = new DataFolder(options.dataDirectory);
    await folder.make();
    const app = new App(options, folder);
    await app.#library.clear();
    return app;
  }

  /** Where a shell puts files that are still coming. */
  get uploadsDirectory(): string {
    return this.#folder.uploads;
  }

  /** A job runs or waits. */
  get busy(): boolean {
    return this.#database instanceof Core && this.#database.queue.busy;
  }

  /** Process id of the engine that runs jobs, for tests and diagnostics. */
  get enginePid(): number | undefined {
    return this.#engine.pid;
  }

  /** Everything that needs the database. @throws VeerError the code of an unusable database */
  get core(): Core {
    if (this.#database instanceof Core) return this.#database;
    throw new VeerError(this.#database.code, this.#database.message);
  }

  info(): AppInfo {
    const { version, shell, dataDirectory } = this.#options;
    const database: DatabaseState =
      this.#database instanceof Core ? { state: 'ready' } : this.#database;
    return { version, shell, dataDirectory, database };
  }

  /** @throws VeerError of the history where there is no such backup */
  restoreBackup(name: string): AppInfo {
    return this.#wayOut(() => restoreBackup(this.#folder.database, this.#folder.backups, name));
  }

  startEmpty(): AppInfo {
    return this.#wayOut(() => setAside(this.#folder.database));
  }

  models(): Promise<ModelList> {
    return this.#library.list();
  }

  /** @throws VeerError MODEL_NOT_FOUND */
  async modelCard(id: string): Promise<{ markdown: string | null }> {
    return { markdown: await this.#library.card(id) };
  }

  /** @throws VeerError as `ModelLibrary.import` */
  importModel(request: ImportRequest, signal: AbortSignal): AsyncGenerator<ImportEvent, void> {
    return this.#library.import(request, signal);
  }

  /** Also where it is the preferred one. @throws VeerError MODEL_NOT_FOUND, JOB_STATE */
  async removeModel(id: string): Promise<ModelList> {
    const models = await this.#library.remove(id);
    const { transcribeModel, translateModel } = this.settings.current;
    await this.settings.update({
      ...(transcribeModel === id && { transcribeModel: null }),
      ...(translateModel === id && { translateModel: null }),
    });
    return models;
  }

  async devices(): Promise<DeviceInfo[]> {
    return [...(await this.#engine.devices())];
  }

  storage(): Promise<Storage> {
    return storageOf(this.#folder);
  }

  /** A job at work goes on, and encodes again what it needs again. */
  async clearEncoderCache(): Promise<Storage> {
    await this.#encoderCache.clear();
    return this.storage();
  }

  /** A training at work on the command line may have to begin anew. @throws VeerError OUTPUT_NOT_WRITABLE */
  async clearTrainingCache(): Promise<Storage> {
    const { trainingCache } = this.#folder;
    await naming(trainingCache, () => rm(trainingCache, { recursive: true, force: true }));
    return this.storage();
  }

  async diagnostics(): Promise<NamedText> {
    const { now = Date.now } = this.#options;
    return diagnosticsOf({
      info: this.info(),
      settings: this.settings.current,
      models: await this.models(),
      devices: await this.devices().catch(codeOf),
      counts: this.#database instanceof Core ? this.#database.history.counts() : null,
      storage: await this.storage(),
      modelDirectories: this.#library.directories,
      now: now(),
    });
  }

  async updateSettings(change: SettingsChange): Promise<Settings> {
    const settings = await this.settings.update(change);
    if (this.#database instanceof Core) await this.#database.settingsChanged();
    return settings;
  }

  /** Path of a playback copy. @throws VeerError ITEM_NOT_FOUND, MEDIA_NOT_READY */
  playbackFile(itemId: string): string {
    return this.core.playbackFile(itemId);
  }

  /** Stops an import, ends both engines and closes the database; a running job goes on at the next start. */
  async close(): Promise<void> {
    await this.#library.close();
    if (this.#database instanceof Core) await this.#database.close();
    await this.#engine.close();
  }

  #wayOut(act: () => void): AppInfo {
    if (!(this.#database instanceof Core)) {
      act();
      this.#database = this.#openDatabase();
    }
    return this.info();
  }

  #openDatabase(): Core | Unusable {
    const { launchEngine: launch, reportFault = () => undefined, now = Date.now } = this.#options;
    try {
      return new Core({
        folder: this.#folder,
        settings: this.settings,
        engine: this.#engine,
        mediaEngine: new EngineClient({ onCrash: 'fail', ...(launch && { launch }) }),
        encoderCache: this.#encoderCache,
        grants: this.grants,
        modelDirectories: this.#library.directories,
        samplesDirectory: this.#options.samplesDirectory,
        mediaUrl: this.#options.mediaUrl,
        now,
        reportFault,
      });
    } catch (error) {
      if (!(error instanceof VeerError)) throw error;
      const { code, message } = error;
      const hopeless =
        code === 'DATABASE_DAMAGED' ||
        code === 'DATABASE_FROM_FUTURE' ||
        code === 'DATABASE_UNUSABLE';
      if (!hopeless) throw error;
      return { state: 'unusable', code, message, backups: [...listBackups(this.#folder.backups)] };
    }
  }
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof VeerError ? error.code : 'INTERNAL';
}
