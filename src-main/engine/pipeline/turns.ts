/**
 * Who may use what is loaded: requests that ask for the same at once, others after them, in the order in
 * which they came.
 */

import { cancelled, throwIfCancelled } from '../../contract/errors.ts';

interface Waiting {
  readonly key: string | null;
  readonly enter: () => void;
}

export class Turns {
  #key: string | null = null;
  #inside = 0;
  #waiting: readonly Waiting[] = [];

  /**
   * Resolves when it is the turn of a request; disposing ends it.
   *
   * @param key requests with the same share a turn; null shares with nobody
   * @throws VeerError CANCELLED while it waits
   */
  async take(key: string | null, signal: AbortSignal): Promise<Disposable> {
    throwIfCancelled(signal);
    if (this.#waiting.length === 0 && this.#admits(key)) this.#enter(key);
    else await this.#wait(key, signal);
    return { [Symbol.dispose]: () => this.#leave() };
  }

  #admits(key: string | null): boolean {
    return this.#inside === 0 || (key !== null && key === this.#key);
  }

  #enter(key: string | null): void {
    this.#key = key;
    this.#inside++;
  }

  #wait(key: string | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(cancelled(signal));
        // Those behind it may have waited for it alone.
        this.#admitNext();
      };
      const waiting: Waiting = {
        key,
        enter: () => {
          signal.removeEventListener('abort', cancel);
          this.#enter(key);
          resolve();
        },
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting = [...this.#waiting, waiting];
    });
  }

  #leave(): void {
    this.#inside--;
    this.#admitNext();
  }

  #admitNext(): void {
    for (let [next] = this.#waiting; next && this.#admits(next.key); [next] = this.#waiting) {
      this.#waiting = this.#waiting.slice(1);
      next.enter();
    }
  }
}
