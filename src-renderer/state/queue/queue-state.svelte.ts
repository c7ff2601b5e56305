/**
 * The queue as the application tells it: jobs in order, the text of a unit while it grows, and how
 * long each job still takes.
 */

import type { Job, JobEvent, RunSettings } from '../../../src-main/contract/jobs.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import {
  byPosition,
  isActive,
  isFinished,
  isForPeople,
  placeOf,
  type Step,
  shownJobs,
} from './queue-order.ts';
import { progressed, rested, type TimeLeft, UNKNOWN_TIME } from './time-left.ts';

export interface PartialText {
  readonly runId: string;
  readonly index: number;
  /** One for each α of the job. */
  readonly texts: readonly string[];
}

/** Encoder outputs that were not stored any more and had to be made again. */
export interface EncodedAgain {
  readonly jobId: string;
  readonly units: number;
}

/** What other states want to know of the queue. */
export interface QueueListener {
  /** Their state changed, or they are new. */
  jobsChanged(jobs: readonly Job[]): void;
  segmentDone(runId: string, index: number): void;
  /** Something of it changed that no job did. */
  itemChanged(itemId: string): void;
}

export class QueueState {
  /** False until it is known what the queue holds. */
  loaded = $state(false);
  /** By position. */
  jobs: readonly Job[] = $state.raw([]);
  /** By job. */
  partials: Readonly<Record<string, PartialText>> = $state.raw({});
  /** Of the last thing that was asked of the queue. */
  problem: Problem | null = $state.raw(null);
  /** By run, the newest. */
  encodedAgain: Readonly<Record<string, EncodedAgain>> = $state.raw({});
  /** Those that people asked for: what is to be done first. */
  readonly shown: readonly Job[] = $derived(shownJobs(this.jobs));
  readonly open = $derived(this.shown.filter(isActive).length);
  /** By job. */
  #times: Readonly<Record<string, TimeLeft>> = $state.raw({});
  readonly #client: AppClient;
  readonly #listener: QueueListener;
  readonly #now: () => number;
  #watching = new AbortController();

  /** @param now milliseconds on a clock that never goes back */
  constructor(client: AppClient, listener: QueueListener, now = () => performance.now()) {
    this.#client = client;
    this.#listener = listener;
    this.#now = now;
  }

  /** Milliseconds; null until enough of the job is done to tell. */
  timeLeft(jobId: string): number | null {
    return this.#times[jobId]?.shown ?? null;
  }

  /** Follows the queue until the connection ends or it is called again. Never rejects. */
  async watch(): Promise<void> {
    this.#watching.abort();
    const watching = new AbortController();
    this.#watching = watching;
    try {
      const events = await this.#client.jobs.watch(undefined, { signal: watching.signal });
      for await (const event of events) {
        if (watching.signal.aborted) return;
        this.#apply(event);
      }
    } catch (error) {
      const problem = problemOf(error);
      // A lost connection is shown as such, and brings a new snapshot when it is back.
      if (!watching.signal.aborted && problem.code !== 'UNREACHABLE') this.problem = problem;
    }
  }

  cancel(jobId: string): Promise<boolean> {
    return this.#ask(this.#client.jobs.cancel({ jobId }));
  }

  retry(jobId: string): Promise<boolean> {
    return this.#ask(this.#client.jobs.retry({ jobId }));
  }

  remove(jobId: string): Promise<boolean> {
    return this.#ask(this.#client.jobs.remove({ jobId }));
  }

  /** What has been done, or was given up. */
  async removeFinished(): Promise<void> {
    const ids = this.jobs.filter((job) => isForPeople(job) && isFinished(job)).map(({ id }) => id);
    await this.#ask(Promise.all(ids.map((jobId) => this.#client.jobs.remove({ jobId }))));
  }

  /** Other settings for a job that waits. @returns whether they were taken */
  update(jobId: string, settings: RunSettings): Promise<boolean> {
    return this.#ask(this.#client.jobs.update({ jobId, settings }));
  }

  async move(jobId: string, step: Step): Promise<void> {
    const place = placeOf(this.jobs, jobId, step);
    if (place === null) return;
    await this.#ask(this.#client.jobs.move({ jobId, before: place.before }));
  }

  async #ask(answer: Promise<unknown>): Promise<boolean> {
    this.problem = null;
    try {
      await answer;
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
  }

  #apply(event: JobEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.loaded = true;
        this.jobs = event.jobs.toSorted(byPosition);
        this.partials = {};
        this.#times = Object.fromEntries(
          event.jobs.map((job) => [job.id, timeAfter(this.#times[job.id], job, this.#now())]),
        );
        this.#listener.jobsChanged(event.jobs);
        return;
      case 'changed':
        this.#change(event.job);
        return;
      case 'removed':
        this.jobs = this.jobs.filter((job) => job.id !== event.jobId);
        this.#times = without(this.#times, event.jobId);
        this.#forgetPartial(event.jobId);
        return;
      case 'partial': {
        const { jobId, runId, index, texts } = event;
        this.partials = { ...this.partials, [jobId]: { runId, index, texts } };
        return;
      }
      case 'segment':
        if (this.partials[event.jobId]?.index === event.index) this.#forgetPartial(event.jobId);
        this.#listener.segmentDone(event.runId, event.index);
        return;
      case 'encoded-again': {
        const { jobId, runId, units } = event;
        this.encodedAgain = { ...this.encodedAgain, [runId]: { jobId, units } };
        return;
      }
      case 'item':
        this.#listener.itemChanged(event.itemId);
        return;
      default:
        event satisfies never;
    }
  }

  #change(job: Job): void {
    const before = this.jobs.find(({ id }) => id === job.id);
    this.jobs = [...this.jobs.filter(({ id }) => id !== job.id), job].toSorted(byPosition);
    this.#times = { ...this.#times, [job.id]: timeAfter(this.#times[job.id], job, this.#now()) };
    if (job.state !== 'running') this.#forgetPartial(job.id);
    if (before?.state !== job.state) this.#listener.jobsChanged([job]);
  }

  #forgetPartial(jobId: string): void {
    if (this.partials[jobId] !== undefined) this.partials = without(this.partials, jobId);
  }
}

function timeAfter(before: TimeLeft | undefined, job: Job, at: number): TimeLeft {
  const known = before ?? UNKNOWN_TIME;
  // A job that is tried again begins anew.
  if (job.state !== 'running' && job.state !== 'waiting') return UNKNOWN_TIME;
  // Neither waiting nor loading a model tells of its speed.
  return job.stage === 'decoding' ? progressed(known, job.done, job.total, at) : rested(known);
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  const { [id]: _gone, ...others } = record;
  return others;
}
