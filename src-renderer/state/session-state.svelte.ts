/** What stands over the other states: the connection, the database, and who hears of what. */

import type { AppInfo, DatabaseState } from '../../src-main/contract/app-contract.ts';
import type { Bridge, ConnectionState } from '../bridge/bridge.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';
import { HistoryState } from './history-state.svelte.ts';
import { ImportState } from './import-state.svelte.ts';
import { ItemState } from './item-state.svelte.ts';
import { QueueState } from './queue-state.svelte.ts';

export type UnusableDatabase = Extract<DatabaseState, { state: 'unusable' }>;

export class SessionState {
  connection: ConnectionState = $state('connecting');
  info: AppInfo | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly unusable: UnusableDatabase | null = $derived(
    this.info?.database.state === 'unusable' ? this.info.database : null,
  );
  readonly imports: ImportState;
  readonly queue: QueueState;
  readonly history: HistoryState;
  readonly item: ItemState;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.imports = new ImportState(bridge);
    this.history = new HistoryState(bridge.client);
    this.item = new ItemState(bridge.client);
    this.queue = new QueueState(bridge.client, {
      jobsChanged: (jobs) => {
        void this.history.load();
        if (jobs.some((job) => job.itemId === this.item.id)) void this.item.reload();
      },
      segmentDone: (runId, index) => void this.item.segmentDone(runId, index),
    });
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

  async #load(ask = () => this.#bridge.client.app.info()): Promise<void> {
    this.problem = null;
    try {
      this.info = await ask();
    } catch (error) {
      this.problem = problemOf(error);
      return;
    }
    if (this.info.database.state !== 'ready') return;
    void this.queue.watch();
    await Promise.all([this.history.load(), this.item.reload()]);
  }
}
