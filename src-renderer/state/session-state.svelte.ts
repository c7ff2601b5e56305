/** What stands over the other states: the connection, the database, and who hears of what. */

import { untrack } from 'svelte';
import type { AppInfo, DatabaseState } from '../../src-main/contract/app-contract.ts';
import type { Item } from '../../src-main/contract/history.ts';
import type { Bridge, ConnectionState } from '../bridge/bridge.ts';
import { copyText } from '../bridge/copy-text.ts';
import { notificationSystem } from '../bridge/notification-system.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';
import { saveFile } from '../bridge/save-file.ts';
import { CompareState } from './compare/compare-state.svelte.ts';
import { VariantRequests } from './compare/variant-requests.svelte.ts';
import { EditorState } from './editor/editor-state.svelte.ts';
import { FindState } from './editor/find-state.svelte.ts';
import { HistoryState } from './history/history-state.svelte.ts';
import { ImportState } from './import/import-state.svelte.ts';
import { SamplesState } from './import/samples-state.svelte.ts';
import { ExportState } from './item/export-state.svelte.ts';
import { ItemState } from './item/item-state.svelte.ts';
import { ModelImportState } from './models/model-import-state.svelte.ts';
import { ModelsState } from './models/models-state.svelte.ts';
import { PeaksState } from './player/peaks-state.svelte.ts';
import { PlayerState } from './player/player-state.svelte.ts';
import { QueueState } from './queue/queue-state.svelte.ts';
import { DevicesState } from './settings/devices-state.svelte.ts';
import { DiagnosticsState } from './settings/diagnostics-state.svelte.ts';
import { NotificationChoice } from './settings/notification-choice.svelte.ts';
import { SettingsBackup } from './settings/settings-backup.svelte.ts';
import { SettingsState } from './settings/settings-state.svelte.ts';
import { StorageState } from './settings/storage-state.svelte.ts';

export type Screen = 'library' | 'models' | 'settings' | 'privacy';

/** Views of the open item. */
export type ItemViewName = 'compare' | 'edit' | 'details';

export type UnusableDatabase = Extract<DatabaseState, { state: 'unusable' }>;

export class SessionState {
  connection: ConnectionState = $state('connecting');
  /** What is shown; the open item stays open behind other screens. */
  screen: Screen = $state('library');
  /** Stays from one item to the next. */
  itemView: ItemViewName = $state('compare');
  info: AppInfo | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly unusable: UnusableDatabase | null = $derived(
    this.info?.database.state === 'unusable' ? this.info.database : null,
  );
  readonly imports: ImportState;
  readonly samples: SamplesState;
  readonly queue: QueueState;
  readonly history: HistoryState;
  readonly item: ItemState;
  readonly exports: ExportState;
  readonly editor: EditorState;
  readonly find: FindState;
  readonly player = new PlayerState();
  readonly peaks: PeaksState;
  readonly models: ModelsState;
  readonly modelImport: ModelImportState;
  readonly settings: SettingsState;
  readonly settingsBackup: SettingsBackup;
  readonly notifications: NotificationChoice;
  readonly devices: DevicesState;
  readonly storage: StorageState;
  readonly diagnostics: DiagnosticsState;
  readonly variants: VariantRequests;
  /** Stays the same while the run is read again. */
  readonly #runId = $derived.by(() => this.item.run?.id ?? null);
  /** Of the run that is shown; another run is compared anew. */
  readonly compare: CompareState = $derived.by(() => {
    void this.#runId;
    return untrack(() => this.#newCompare());
  });
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.history = new HistoryState(bridge.client);
    this.item = new ItemState(bridge.client, (itemId) => void this.history.changed([itemId]));
    this.editor = new EditorState(bridge.client, this.item);
    this.find = new FindState(this.item, () => this.editor.saveAll());
    this.peaks = new PeaksState(bridge.client);
    this.exports = new ExportState(bridge.client, { save: saveFile, copy: copyText });
    this.models = new ModelsState(bridge.client);
    this.modelImport = new ModelImportState(bridge, this.models);
    this.settings = new SettingsState(bridge.client);
    this.settingsBackup = new SettingsBackup(bridge.client, this.settings, saveFile);
    this.notifications = new NotificationChoice(this.settings, notificationSystem);
    this.devices = new DevicesState(bridge.client);
    this.storage = new StorageState(bridge.client);
    this.diagnostics = new DiagnosticsState(bridge.client, saveFile);
    this.imports = new ImportState(bridge, this.models, this.settings);
    this.samples = new SamplesState(bridge.client, this.models, (itemId) => this.open(itemId));
    this.variants = new VariantRequests(bridge.client, () => this.queue.jobs);
    this.queue = new QueueState(bridge.client, {
      jobsChanged: (jobs) => {
        this.variants.jobsChanged(jobs);
        void this.history.changed(jobs.map(({ itemId }) => itemId));
        if (jobs.some((job) => job.itemId === this.item.id)) void this.item.refresh();
      },
      segmentDone: (runId, index) => void this.item.segmentDone(runId, index),
      itemChanged: (itemId) => {
        void this.history.changed([itemId]);
        if (itemId === this.item.id) void this.item.refresh();
      },
    });
  }

  /** Shows an item, from whichever screen. */
  open(itemId: string): void {
    this.screen = 'library';
    this.player.reset();
    this.editor.reset();
    this.find.reset();
    this.variants.dropAll();
    void this.item.open(itemId);
  }

  /** @returns whether they are deleted */
  async delete(items: readonly Pick<Item, 'id' | 'name'>[]): Promise<boolean> {
    const deleted = await this.history.delete(items);
    if (deleted && items.some(({ id }) => id === this.item.id)) this.item.close();
    return deleted;
  }

  /** Of an imported model. @returns whether it is gone */
  async removeModel(id: string): Promise<boolean> {
    const gone = await this.models.remove(id);
    // It may have been the preferred one.
    if (gone) await this.settings.load();
    return gone;
  }

  /** @returns ends it */
  start(): () => void {
    return this.#bridge.watchConnection((connection) => {
      this.connection = connection;
      if (connection === 'connected') void this.#load();
    });
  }

  reconnect(): void {
    this.#bridge.reconnect();
  }

  restoreBackup(name: string): Promise<void> {
    return this.#load(() => this.#bridge.client.app.restoreBackup({ name }));
  }

  startEmpty(): Promise<void> {
    return this.#load(() => this.#bridge.client.app.startEmpty());
  }

  #newCompare(): CompareState {
    const { item, models, queue, player, variants: requests } = this;
    return new CompareState({ item, models, queue, player, requests, random: Math.random });
  }

  async #load(ask = () => this.#bridge.client.app.info()): Promise<void> {
    this.problem = null;
    void this.settings.load();
    void this.models.load();
    try {
      this.info = await ask();
    } catch (error) {
      this.problem = problemOf(error);
      return;
    }
    if (this.info.database.state !== 'ready') return;
    void this.queue.watch();
    await Promise.all([this.history.load(), this.item.reload()]);
    // What was typed while there was no connection.
    await this.editor.saveAll();
  }
}
