/**
 * How far a job is, in seconds of audio or in sentences. Counted from committed units only, so it is
 * what a restart would find, and it never goes backward.
 */

import type { ItemKind } from '../contract/history.ts';
import type { Job } from '../contract/jobs.ts';
import type { Segment } from '../contract/result.ts';
import type { Progress, StoredUnit } from './job-store.ts';
import { askedUnits, hasAll } from './remaining-work.ts';

/** Times of a unit in seconds; null for text. */
type Unit = Pick<Segment, 'index' | 'start' | 'end'>;

export class JobProgress {
  readonly #job: Job;
  readonly #kind: ItemKind;
  readonly #counted = new Set<number>();
  #sum = 0;
  #done = 0;
  #total: number | null;

  /**
   * @param units those of the run that are stored
   * @param sentences of the text, null for audio
   */
  constructor(job: Job, kind: ItemKind, units: readonly StoredUnit[], sentences: number | null) {
    this.#job = job;
    this.#kind = kind;
    const { work } = job;
    if (work.kind === 'whole') {
      this.#total = sentences ?? job.total;
      for (const unit of units) this.#count(unit);
    } else {
      const asked = askedUnits(work, units);
      this.#total = asked.reduce((sum, unit) => sum + this.#size(unit), 0);
      for (const unit of asked) if (hasAll(unit, work.alphas)) this.#count(unit);
    }
    this.#done = Math.max(this.#done, job.done);
  }

  get now(): Progress {
    const total = this.#total === null ? null : Math.max(this.#total, this.#done);
    return { done: this.#done, total };
  }

  /** @returns the progress once this unit is stored */
  with(segment: Segment): Progress {
    this.#count(segment);
    return this.now;
  }

  /**
   * @param total seconds that the file says it is long, or null
   * @returns true where something is new
   */
  learnTotal(total: number | null): boolean {
    if (this.#job.work.kind !== 'whole' || this.#kind !== 'audio' || total === null) return false;
    if (this.#total !== null && total <= this.#total) return false;
    this.#total = total;
    return true;
  }

  #count(unit: Unit): void {
    if (this.#counted.has(unit.index)) return;
    this.#counted.add(unit.index);
    this.#sum += this.#size(unit);
    // Windows of a whole file stand one after the other: where the last one ends is what is done.
    const isWholeAudio = this.#kind === 'audio' && this.#job.work.kind === 'whole';
    this.#done = Math.max(this.#done, isWholeAudio ? (unit.end ?? 0) : this.#sum);
  }

  #size({ start, end }: Unit): number {
    return this.#kind === 'audio' ? (end ?? 0) - (start ?? 0) : 1;
  }
}
