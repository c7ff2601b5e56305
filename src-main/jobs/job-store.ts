/**
 * What the queue needs of the place where jobs are kept. The history implements it; every method is
 * synchronous and one transaction, so that a crash leaves all of it or nothing.
 */

import type { ItemKind } from '../contract/history.ts';
import type { Job, JobError, JobState, JobWork, RunSettings } from '../contract/jobs.ts';
import type {
  DeviceUse,
  ModelIdentity,
  ProxyIdentity,
  Segment,
  Timings,
} from '../contract/result.ts';

export interface NewItem {
  readonly id: string;
  readonly kind: ItemKind;
  readonly name: string;
  /** The file that is read when the job runs. */
  readonly sourcePath: string;
  /** The file lies in the data directory and is deleted with the item. */
  readonly ownsSource: boolean;
  readonly keep: boolean;
}

export interface NewRun {
  readonly id: string;
  readonly itemId: string;
  readonly settings: RunSettings;
}

export interface NewJob {
  readonly id: string;
  readonly runId: string;
  readonly work: JobWork;
}

export interface JobSource {
  readonly itemId: string;
  readonly kind: ItemKind;
  readonly path: string;
}

/** What the engine said when a run began. */
export interface RunFacts {
  readonly model: ModelIdentity;
  readonly proxy: ProxyIdentity | null;
  readonly device: DeviceUse;
  readonly threads: number | null;
  readonly language: string | null;
  readonly sourceLanguage: string | null;
  /** Text before the first sentence; null for audio. */
  readonly leading: string | null;
}

/** A unit of a run that is stored, and the α it has. Times are null for text. */
export interface StoredUnit {
  readonly index: number;
  readonly start: number | null;
  readonly end: number | null;
  readonly alphas: readonly number[];
}

export interface Progress {
  readonly done: number;
  readonly total: number | null;
}

export interface StateChange {
  readonly state: JobState;
  /** Left out: as it was for `waiting`, null otherwise. */
  readonly error?: JobError | null;
}

export interface JobStore {
  /** Jobs in the list, by position. `stage` is null: only the queue knows it. */
  jobs(): readonly Job[];
  /** @throws VeerError JOB_NOT_FOUND */
  job(jobId: string): Job;
  /** Item, run and job in one transaction; the job goes to the end. */
  addItem(item: NewItem, run: NewRun, job: NewJob): Job;
  /** @throws VeerError ITEM_NOT_FOUND */
  addRun(run: NewRun, job: NewJob): Job;
  /** @throws VeerError RUN_NOT_FOUND */
  addJob(job: NewJob): Job;
  /** Of the run of a job. @throws VeerError RUN_NOT_FOUND */
  setSettings(runId: string, settings: RunSettings): void;
  /** Of the item of a run. @throws VeerError RUN_NOT_FOUND */
  source(runId: string): JobSource;
  setPosition(jobId: string, position: number): Job;
  /** Also sets startedAt and finishedAt. */
  setState(jobId: string, change: StateChange): Job;
  /** From the list only. */
  removeJob(jobId: string): void;
  /** Jobs that were running when the program ended wait again, first in the queue. */
  recover(): void;
  /** Null before a run has begun. */
  runFacts(runId: string): RunFacts | null;
  setRunFacts(runId: string, facts: RunFacts): void;
  /** Ascending. */
  units(runId: string): readonly StoredUnit[];
  /** Machine output of one unit as the engine gave it, to be read again. */
  segment(runId: string, index: number): Segment | null;
  /**
   * Segment, variants, search index and progress of the job. A variant that is there already stays
   * as it was, and so does the unit.
   *
   * @returns false where nothing was new
   */
  commitSegment(jobId: string, segment: Segment, progress: Progress): boolean;
  setProgress(jobId: string, progress: Progress): void;
  /** The job is done; timings are added to those of the run. `duration` in seconds, null for text. */
  finishJob(jobId: string, duration: number | null, timings: Timings): Job;
  /** Engine crashes of a job in a row; a committed segment sets it back to 0. */
  countCrash(jobId: string): number;
}
