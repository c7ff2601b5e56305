/** Adds up wall-clock time per stage of a run, in milliseconds. */

import type { Timings } from '../../contract/result.ts';

type Stage = Exclude<keyof Timings, 'total' | 'load'>;

export class Stopwatch {
  readonly #started = performance.now();
  readonly #stages: Record<Stage, number> = {
    read: 0,
    features: 0,
    encode: 0,
    proxy: 0,
    decode: 0,
  };

  /** Runs `work` and adds the time it took to `stage`. */
  async time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#stages[stage] += performance.now() - start;
    }
  }

  /** @param load milliseconds that loading took, before this stopwatch was started */
  timings(load: number): Timings {
    return { ...this.#stages, load, total: performance.now() - this.#started };
  }
}
