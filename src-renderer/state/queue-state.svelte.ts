/** The queue as the application tells it: jobs in order, and the text of a unit while it grows. */

import type { Job, JobEvent } from '../../src-main/contract/jobs.ts';
import type { AppClient } from '../bridge/app-client.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';

export interface PartialText {
  readonly runId: string;
  readonly index: number;
  /** One for each α of the job. */
  readonly texts: readonly string[];
}

/** What other states want to know of the queue. */
export interface QueueListener {
  /** Their state changed, or they are new. */
  jobsChanged(jobs: readonly Job[]): void;
  segmentDone(runId: string, index: number): void;
}

export class QueueState {
  /** By position. */
  jobs: readonly Job[] = $state.raw([]);
  /** By job. */
  partials: Readonly<Record<string, PartialText>> = $state.raw({});
  /** Of the last thing that was asked of the queue. */
  problem: Problem | null = $state.raw(null);
  readonly open = $derived(
    this.jobs.filter((job) => job.state === 'running' || job.state === 'waiting').length,
  );
  readonly #client: AppClient;
  readonly #listener: QueueListener;
  #watching = new AbortController();

  constructor(client: AppClient, listener: QueueListener) {
    this.#client = client;
    this.#listener = listener;
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

  cancel(jobId: string): Promise<void> {
    return this.#ask(this.#client.jobs.cancel({ jobId }));
  }

  retry(jobId: string): Promise<void> {
    return this.#ask(this.#client.jobs.retry({ jobId }));
  }

  remove(jobId: string): Promise<void> {
    return this.#ask(this.#client.jobs.remove({ jobId }));
  }

  async #ask(answer: Promise<unknown>): Promise<void> {
    this.problem = null;
    try {
      await answer;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  #apply(event: JobEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.jobs = event.jobs.toSorted(byPosition);
        this.partials = {};
        this.#listener.jobsChanged(event.jobs);
        return;
      case 'changed':
        this.#change(event.job);
        return;
      case 'removed':
        this.jobs = this.jobs.filter((job) => job.id !== event.jobId);
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
      case 'encoded-again':
        return;
      default:
        event satisfies never;
    }
  }

  #change(job: Job): void {
    const before = this.jobs.find(({ id }) => id === job.id);
    this.jobs = [...this.jobs.filter(({ id }) => id !== job.id), job].toSorted(byPosition);
    if (job.state !== 'running') this.#forgetPartial(job.id);
    if (before?.state !== job.state) this.#listener.jobsChanged([job]);
  }

  #forgetPartial(jobId: string): void {
    if (this.partials[jobId] === undefined) return;
    const { [jobId]: _gone, ...others } = this.partials;
    this.partials = others;
  }
}

function byPosition(a: Job, b: Job): number {
  return a.position - b.position;
}
