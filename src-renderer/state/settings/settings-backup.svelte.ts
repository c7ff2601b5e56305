/**
 * The settings as a file of a person's own, and back. What may be set is checked by the application;
 * nothing is taken over where any entry of the file is unknown or wrong.
 */

import type { Settings, SettingsChange } from '../../../src-main/contract/settings.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf, wrongEntries } from '../../bridge/problem.ts';
import type { WaysOut } from '../item/export-state.svelte.ts';
import type { SettingsState } from './settings-state.svelte.ts';

/** What became of reading a file. */
type Restored =
  | { readonly state: 'taken' }
  | { readonly state: 'no-settings' }
  | { readonly state: 'other-version' }
  | { readonly state: 'refused'; readonly entries: readonly string[] }
  | { readonly state: 'failed'; readonly problem: Problem };

export class SettingsBackup {
  restored: Restored | null = $state.raw(null);
  readonly #client: AppClient;
  readonly #settings: SettingsState;
  readonly #save: WaysOut['save'];
  readonly #now: () => Date;

  constructor(
    client: AppClient,
    settings: SettingsState,
    save: WaysOut['save'],
    now: () => Date = () => new Date(),
  ) {
    this.#client = client;
    this.#settings = settings;
    this.#save = save;
    this.#now = now;
  }

  save(): void {
    const { current } = this.#settings;
    if (current === null) return;
    const day = this.#now().toISOString().slice(0, 10).replaceAll('-', '');
    const content = `${JSON.stringify(current, null, 2)}\n`;
    this.#save(`veer-settings-${day}.json`, content, 'application/json');
  }

  /** @param text of the file */
  async restore(text: string): Promise<void> {
    const { current } = this.#settings;
    if (current === null) return;
    this.restored = null;
    this.restored = await this.#restore(text, current);
  }

  async #restore(text: string, current: Settings): Promise<Restored> {
    const read = entriesOf(text);
    if (read === null || !('version' in read)) return { state: 'no-settings' };
    const { version, ...entries } = read;
    if (version !== current.version) return { state: 'other-version' };
    try {
      // Unchecked on purpose: the application refuses what is no setting and says which it is.
      this.#settings.current = await this.#client.settings.update(entries as SettingsChange);
      return { state: 'taken' };
    } catch (error) {
      const wrong = wrongEntries(error);
      if (wrong.length > 0) return { state: 'refused', entries: wrong };
      return { state: 'failed', problem: problemOf(error) };
    }
  }
}

/** Null where the text is no JSON object. */
function entriesOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    return { ...read };
  } catch {
    return null;
  }
}
