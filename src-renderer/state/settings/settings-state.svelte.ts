/** What a person has set. The application holds it; the page follows its answers. */

import type { Settings, SettingsChange } from '../../../src-main/contract/settings.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

export type SettingName = keyof SettingsChange;

/** What became of a change, to be shown beside the settings that it was for. */
interface Outcome {
  readonly names: readonly string[];
  /** Null: it is stored. */
  readonly problem: Problem | null;
}

export class SettingsState {
  /** Null until the application has answered. */
  current: Settings | null = $state.raw(null);
  /** Of what was asked last. */
  problem: Problem | null = $state.raw(null);
  /** Of the last change; null while it is on its way. */
  outcome: Outcome | null = $state.raw(null);
  readonly #client: AppClient;

  constructor(client: AppClient) {
    this.#client = client;
  }

  load(): Promise<boolean> {
    return this.#ask(() => this.#client.settings.get());
  }

  /** @returns whether it was stored */
  async change(change: SettingsChange): Promise<boolean> {
    this.outcome = null;
    const stored = await this.#ask(() => this.#client.settings.update(change));
    this.outcome = { names: Object.keys(change), problem: this.problem };
    return stored;
  }

  isSaved(name: SettingName): boolean {
    return this.outcome?.problem === null && this.outcome.names.includes(name);
  }

  problemOf(name: SettingName): Problem | null {
    return this.outcome?.names.includes(name) === true ? this.outcome.problem : null;
  }

  async #ask(ask: () => Promise<Settings>): Promise<boolean> {
    this.problem = null;
    try {
      this.current = await ask();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
  }
}
