/**
 * The application without a shell: what both composition roots (web.ts, main.ts) start. It owns the
 * data folder and the two engine processes. Where the database cannot be used, the application is
 * there all the same and offers the ways out.
 */

import type { AppInfo, DatabaseState } from '../contract/app-contract.ts';
import type { DeviceInfo } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { ModelList } from '../contract/model-list.ts';
import type { Settings, SettingsChange } from '../contract/settings.ts';
import { EngineClient } from '../engine-client/engine-client.ts';
import type { LaunchEngine } from '../engine-client/engine-process.ts';
import { listBackups, restoreBackup, setAside } from '../history/ways-out.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { Core } from './core.ts';
import { DataFolder } from './data-folder.ts';
import { Grants } from './grants.ts';
import { listedModels } from './listed-models.ts';

export interface AppOptions {
  readonly dataDirectory: string;
  readonly modelDirectories: readonly string[];
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
  #database: Core | Unusable;

  private constructor(options: AppOptions, folder: DataFolder) {
    this.#options = options;
    this.#folder = folder;
    this.settings = SettingsFile.open(folder.settings);
    const launch = options.launchEngine;
    this.#engine = new EngineClient({ onCrash: 'fail', ...(launch && { launch }) });
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
    return new App(options, folder);
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
    return listedModels(this.#options.modelDirectories);
  }

  async devices(): Promise<DeviceInfo[]> {
    return [...(await this.#engine.devices())];
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

  /** Ends both engines and closes the database; a running job goes on at the next start. */
  async close(): Promise<void> {
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
        grants: this.grants,
        modelDirectories: this.#options.modelDirectories,
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
