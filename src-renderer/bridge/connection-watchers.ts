/** Tells listeners how the connection stands. */

import type { ConnectionState } from './bridge.ts';

type Listener = (state: ConnectionState) => void;

export class ConnectionWatchers {
  readonly #listeners = new Set<Listener>();
  #state: ConnectionState = 'connecting';

  get state(): ConnectionState {
    return this.#state;
  }

  set(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }
}
