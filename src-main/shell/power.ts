/**
 * Keeps the computer awake while a job runs. When it sleeps all the same (a closed lid), nothing is
 * lost and nothing need be done: the engine stops with everything else and goes on when it wakes,
 * and segments that are finished were committed at once.
 */

import type { PowerSaveBlocker } from 'electron';

/** Milliseconds between two looks at the queue. */
const INTERVAL = 5000;

export class KeepAwake {
  readonly #blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly #isBusy: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #id: number | null = null;

  constructor(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>, isBusy: () => boolean) {
    this.#blocker = blocker;
    this.#isBusy = isBusy;
  }

  start(): void {
    this.update();
    this.#timer = setInterval(() => this.update(), INTERVAL);
  }

  /** Holds the computer awake, or lets it go, as the queue is now. */
  update(): void {
    const busy = this.#isBusy();
    if (busy && this.#id === null) {
      // The screen may turn off; only the work must go on.
      this.#id = this.#blocker.start('prevent-app-suspension');
    } else if (!busy) {
      this.#release();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#release();
  }

  #release(): void {
    if (this.#id === null) return;
    this.#blocker.stop(this.#id);
    this.#id = null;
  }
}
