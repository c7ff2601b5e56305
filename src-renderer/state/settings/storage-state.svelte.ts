/** How much room the data folder takes, and making some. */

import type { Storage } from '../../../src-main/contract/app-contract.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

export type StoragePart = Storage[number]['part'];

export class StorageState {
  /** Null until the application has answered. */
  parts: Storage | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  /** Encoder outputs are being deleted. */
  clearing = $state(false);
  /** They were, since the screen was opened. */
  cleared = $state(false);
  readonly total: number = $derived((this.parts ?? []).reduce((sum, { bytes }) => sum + bytes, 0));
  readonly #client: AppClient;

  constructor(client: AppClient) {
    this.#client = client;
  }

  async load(): Promise<void> {
    this.cleared = false;
    await this.#ask(() => this.#client.app.storage());
  }

  async clearEncoderCache(): Promise<void> {
    if (this.clearing) return;
    this.clearing = true;
    this.cleared = await this.#ask(() => this.#client.app.clearEncoderCache());
    this.clearing = false;
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
