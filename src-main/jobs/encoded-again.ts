/**
 * Says when a `variants` job had to encode units again: their encoder output had been stored once,
 * and was not there any more. The first encoding of a unit is no news.
 */

import type { Job, JobEvent } from '../contract/jobs.ts';

export class EncodedAgain {
  readonly #job: Job;
  readonly #tell: (event: JobEvent) => void;
  #before = 0;
  #now = 0;
  #said = 0;
  #uncached: number | null = null;

  constructor(job: Job, tell: (event: JobEvent) => void) {
    this.#job = job;
    this.#tell = tell;
  }

  /** @param uncached units of a pass for which nothing is stored at all; null with a cache */
  beginPass(uncached: number | null): void {
    this.#before += this.#now;
    this.#now = 0;
    this.#uncached = uncached;
  }

  /** @param encoded units so far in this pass */
  heard(encoded: number): void {
    this.#now = encoded;
    this.#say();
  }

  endPass(): void {
    if (this.#uncached !== null) this.heard(this.#uncached);
  }

  #say(): void {
    const units = this.#before + this.#now;
    if (this.#job.work.kind !== 'variants' || units <= this.#said) return;
    this.#said = units;
    const { id: jobId, runId } = this.#job;
    this.#tell({ type: 'encoded-again', jobId, runId, units });
  }
}
