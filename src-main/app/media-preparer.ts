/**
 * Makes playback copies and peaks, one recording at a time, in an engine process of its own: a long
 * transcription does not hold it up, and a damaged file takes neither the application nor a job
 * along. What was waiting when the program ended is taken up again.
 */

import type { MediaEvent } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { MediaState } from '../contract/history.ts';
import type { DataFolder } from './data-folder.ts';

/** What of the history is needed here. */
export interface MediaStore {
  /** Audio items whose media are waiting, oldest first. */
  waitingMedia(): readonly { readonly itemId: string; readonly path: string }[];
  /** Does nothing for an item that is gone. `duration` in seconds where it is known now. */
  setMedia(itemId: string, state: MediaState, duration: number | null): void;
}

export interface MediaEngine {
  prepareMedia(
    path: string,
    to: { readonly playbackPath: string; readonly peaksPath: string },
    signal: AbortSignal,
  ): AsyncIterable<MediaEvent>;
  close(): Promise<void>;
}

export class MediaPreparer {
  readonly #store: MediaStore;
  readonly #engine: MediaEngine;
  readonly #folder: DataFolder;
  readonly #reportFault: (fault: unknown) => void;
  readonly #stop = new AbortController();
  #current: {
    readonly itemId: string;
    readonly cancel: AbortController;
    readonly ended: Promise<void>;
  } | null = null;
  #working: Promise<void> | null = null;
  /** Something came to wait since it last looked. */
  #asked = false;

  constructor(
    store: MediaStore,
    engine: MediaEngine,
    folder: DataFolder,
    reportFault: (fault: unknown) => void,
  ) {
    this.#reportFault = reportFault;
    this.#store = store;
    this.#engine = engine;
    this.#folder = folder;
  }

  /** Starts on what waits, unless it is at work already. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    this.#asked = true;
    this.#working ??= this.#work()
      .catch(this.#reportFault)
      .finally(() => {
        this.#working = null;
        // What came while the engine was closing.
        if (this.#asked) this.wake();
      });
  }

  /** For an item that is being deleted: its files are no longer written when this returns. */
  async forget(itemId: string): Promise<void> {
    const current = this.#current;
    if (current?.itemId !== itemId) return;
    current.cancel.abort();
    await current.ended;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#current?.cancel.abort();
    await this.#working;
    await this.#engine.close();
  }

  async #work(): Promise<void> {
    this.#asked = false;
    while (!this.#stop.signal.aborted) {
      const [next] = this.#store.waitingMedia();
      if (next === undefined) break;
      await this.#prepare(next.itemId, next.path);
    }
    // An idle process would only hold memory.
    await this.#engine.close();
  }

  async #prepare(itemId: string, path: string): Promise<void> {
    const cancel = new AbortController();
    const ended = Promise.withResolvers<void>();
    this.#current = { itemId, cancel, ended: ended.promise };
    try {
      const duration = await this.#write(itemId, path, cancel.signal);
      this.#store.setMedia(itemId, 'ready', duration);
    } catch (error) {
      // What was stopped with the program is taken up at its next start, and what was stopped with
      // its deletion when that is undone.
      if (!cancel.signal.aborted) this.#store.setMedia(itemId, 'failed', null);
      if (!(error instanceof VeerError)) throw error;
    } finally {
      this.#current = null;
      ended.resolve();
    }
  }

  /** @returns seconds of audio */
  async #write(itemId: string, path: string, signal: AbortSignal): Promise<number | null> {
    await this.#folder.makeItem(itemId);
    const playbackPath = this.#folder.playback(itemId);
    const peaksPath = this.#folder.peaks(itemId);
    let duration: number | null = null;
    for await (const event of this.#engine.prepareMedia(
      path,
      { playbackPath, peaksPath },
      signal,
    )) {
      if (event.type === 'done') duration = event.duration;
    }
    return duration;
  }
}
