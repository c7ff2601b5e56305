/** Where models can be run on this machine. Asking starts the engine, so nobody asks but who looks. */

import type { DeviceInfo } from '../../../src-main/contract/engine-contract.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

export class DevicesState {
  /** Null until the application has answered. */
  list: readonly DeviceInfo[] | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly #client: AppClient;

  constructor(client: AppClient) {
    this.#client = client;
  }

  /** What a machine has does not change while the program runs. */
  async loadOnce(): Promise<void> {
    if (this.list !== null) return;
    this.problem = null;
    try {
      this.list = await this.#client.devices.list();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }
}
