/** Adds up wall-clock time per stage of a run, in milliseconds. */

import type { Timings } from '../../contract/result.ts';

type Stage = Exclude<keyof Timings, 'total' | 'load'>;

export class Stopwatch {
  #started = performance.now();
  readonly #stages: Record<Stage, number> = {
    read: 0,
    features: 0,
    encode: 0,
    proxy: 0,
    decode: 0,
  };
  #ended: number | null = null;
  #ofOthers = 0;

  /** The total counts from now on, no longer from when it was made. */
  begin(): void {
    this.#started = performance.now();
  }

  /** The total counts up to now. */
  end(): void {
    this.#ended = performance.now();
  }

  /** Runs `work` and adds the time it took to `stage`. */
  async time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#stages[stage] += performance.now() - start;
    }
  }

  /**
   * Adds a part of what another one measured up to now: of work that was done for several at once, while
   * this one was running too.
   *
   * @param share 0 to 1
   */
  addShare(share: number, whole: Stopwatch): void {
    for (const stage of Object.keys(this.#stages) as Stage[]) {
      this.#stages[stage] += share * whole.#stages[stage];
    }
    this.leaveOut((1 - share) * (performance.now() - whole.#started));
  }

  /** @param time milliseconds up to now that were spent on something else */
  leaveOut(time: number): void {
    this.#ofOthers += time;
  }

  /**
   * The time from the start to the end, or to now, without what was left out, and the stages of it.
   *
   * @param load milliseconds that loading took, before this stopwatch was started
   */
  timings(load: number): Timings {
    const total = (this.#ended ?? performance.now()) - this.#started - this.#ofOthers;
    return { ...this.#stages, load, total };
  }
}
