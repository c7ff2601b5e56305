/** Whether Veer may tell the system that something is done: the person and the system both decide. */

import type { SettingsState } from './settings-state.svelte.ts';

/** What the system says. `missing`: it has no notices at all. */
export type NotificationPermission = 'granted' | 'denied' | 'default' | 'missing';

export interface NotificationSystem {
  permission(): NotificationPermission;
  /** Asks the person; to be called while a click still counts. */
  ask(): Promise<NotificationPermission>;
}

export class NotificationChoice {
  permission: NotificationPermission = $state('default');
  /** Turned on here, and allowed by the system. */
  readonly on: boolean = $derived.by(() => {
    return this.#settings.current?.notifications === true && this.permission === 'granted';
  });
  /** Why it was not turned on, when it was wanted last. */
  refused: Exclude<NotificationPermission, 'granted'> | null = $state(null);
  readonly #settings: SettingsState;
  readonly #system: NotificationSystem;

  constructor(settings: SettingsState, system: NotificationSystem) {
    this.#settings = settings;
    this.#system = system;
  }

  /** The person may have changed it in the system's own settings. */
  look(): void {
    this.permission = this.#system.permission();
    this.refused = null;
  }

  async turn(on: boolean): Promise<void> {
    this.look();
    if (on) {
      const answer = this.permission === 'granted' ? 'granted' : await this.#system.ask();
      this.permission = answer;
      this.refused = answer === 'granted' ? null : answer;
      if (answer !== 'granted') return;
    }
    await this.#settings.change({ notifications: on });
  }
}
