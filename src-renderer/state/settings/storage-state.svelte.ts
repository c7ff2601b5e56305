/** How much room the data folder takes, and making some. */

import type { Storage } from '../../../src-main/contract/app-contract.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

export type StoragePart = Storage[number]['part'];
/** What is there to save time only. */
type ClearedPart = Extract<StoragePart, 'encoder-cache' | 'proxy-training'>;

export class StorageState {
  /** Null until the application has answered. */
  parts: Storage | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** It is being deleted. */
  clearing: ClearedPart | null = $state(null);
  /** It was the last that was deleted, since the screen was opened. */
  cleared: ClearedPart | null = $state(null);
  readonly total: number = $derived((this.parts ?? []).reduce((sum, { bytes }) => sum + bytes, 0));
  readonly #client: AppClient;

  constructor(client: AppClient) {
    this.#client = client;
  }

  async load(): Promise<void> {
    this.cleared = null;
    await this.#ask(() => this.#client.app.storage());
  }

  async clear(part: ClearedPart): Promise<void> {
    if (this.clearing !== null) return;
    this.clearing = part;
    const { app } = this.#client;
    const isDone = await this.#ask(() =>
      part === 'encoder-cache' ? app.clearEncoderCache() : app.clearTrainingCache(),
    );
    this.cleared = isDone ? part : null;
    this.clearing = null;
  }

  /** Null until it is known. */
  bytesOf(part: StoragePart): number | null {
    return this.parts?.find((each) => each.part === part)?.bytes ?? null;
  }

  async #ask(ask: () => Promise<Storage>): Promise<boolean> {
    this.problem = null;
    try {
      this.parts = await ask();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
  }
}
