/** Ending the program while a job runs: nothing is lost, but a person may prefer to wait. */

import type { MessageBoxOptions } from 'electron';
import type { ShellLanguage } from './language.ts';

const TEXTS = {
  en: {
    message: 'A job is still running.',
    detail:
      'Everything that is finished is kept. The job goes on where it was when Veer is started again.',
    keep: 'Keep running',
    quit: 'Quit',
  },
  de: {
    message: 'Ein Auftrag läuft noch.',
    detail:
      'Alles Fertige bleibt erhalten. Der Auftrag geht beim nächsten Start von Veer dort weiter, wo er war.',
    keep: 'Weiterlaufen lassen',
    quit: 'Beenden',
  },
} as const;

const KEEP = 0;
const QUIT = 1;

/** Escape and Enter keep the job running. */
export function quitDialog(language: ShellLanguage): MessageBoxOptions {
  const { message, detail, keep, quit } = TEXTS[language];
  return {
    type: 'question',
    message,
    detail,
    buttons: [keep, quit],
    defaultId: KEEP,
    cancelId: KEEP,
    noLink: true,
  };
}

export interface QuitOptions {
  /** A job runs. */
  isBusy(): boolean;
  /** Shows the dialog; gives the button's number. */
  ask(): Promise<number>;
  /** Ends everything that must be ended in order. */
  close(): Promise<void>;
  /** Ends the program, and its windows with it. */
  exit(): void;
}

/**
 * The way out. Every wish to quit comes here: the first one asks where a job runs, further ones
 * while the dialog is open change nothing.
 */
export class Quit {
  readonly #options: QuitOptions;
  #stage: 'open' | 'asking' | 'closing' = 'open';

  constructor(options: QuitOptions) {
    this.#options = options;
  }

  /** Rejects with what `close` rejects with; the program is ended all the same. */
  async request(): Promise<void> {
    if (this.#stage !== 'open') return;
    if (this.#options.isBusy()) {
      this.#stage = 'asking';
      const answer = await this.#options.ask().catch(() => KEEP);
      if (this.#stage !== 'asking') return;
      this.#stage = 'open';
      if (answer !== QUIT) return;
    }
    await this.withoutAsking();
  }

  /** For the end of the session: the system does not wait for an answer. */
  async withoutAsking(): Promise<void> {
    if (this.#stage === 'closing') return;
    this.#stage = 'closing';
    try {
      await this.#options.close();
    } finally {
      this.#options.exit();
    }
  }
}
