/**
 * Versions that the strength slider asks for. Each request is a job of the queue; what a newer
 * strength does not need is cancelled, and what has ended is taken off the queue's list, which is for
 * the jobs of people.
 */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import type { Job } from '../../../src-main/contract/jobs.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';

/** What is looked at. */
export interface Wanted {
  readonly runId: string;
  /** The strength that is shown. */
  readonly alpha: number;
  /** Gets every α of `stops` in one batched decode, first of all; null where none does. */
  readonly current: SegmentView | null;
  readonly stops: readonly number[];
  /** Get `alpha` only. */
  readonly units: readonly SegmentView[];
}

interface Request {
  readonly runId: string;
  readonly alphas: readonly number[];
  /** Null for all of the run: asked for by a button, so it stays in the queue's list. */
  readonly units: readonly number[] | null;
  jobId: string | null;
  dropped: boolean;
}

export class VariantRequests {
  problem: Problem | null = $state.raw(null);
  #open: readonly Request[] = $state.raw([]);
  /** Runs for which some request was done. */
  #served: readonly string[] = $state.raw([]);
  readonly #client: AppClient;
  readonly #jobs: () => readonly Job[];
  #wanted: Wanted | null = null;
  /** Unit and α of what failed: asked for again only where the strength is moved again. */
  readonly #failed = new Set<string>();

  /** @param jobs what the queue holds now */
  constructor(client: AppClient, jobs: () => readonly Job[]) {
    this.#client = client;
    this.#jobs = jobs;
  }

  /** Whether a version that is not there is on its way. */
  isComputing(runId: string, index: number, alpha: number): boolean {
    return this.#open.some(
      (request) =>
        request.runId === runId &&
        request.alphas.includes(alpha) &&
        (request.units === null || request.units.includes(index)),
    );
  }

  /** The job that computes a strength for all of a run; null where none does. */
  wholeFile(runId: string, alpha: number): { readonly jobId: string | null } | null {
    const found = this.#open.find(
      (each) => each.runId === runId && each.units === null && each.alphas.includes(alpha),
    );
    return found === undefined ? null : { jobId: found.jobId };
  }

  /** Whether some request of the run was done, so that it is known what was stored of it. */
  hasServed(runId: string): boolean {
    return this.#served.includes(runId);
  }

  /** Asks for what is missing of what is looked at, and cancels what is not needed any more. */
  async follow(wanted: Wanted): Promise<void> {
    if (wanted.current !== null || wanted.alpha !== this.#wanted?.alpha) {
      this.#failed.clear();
      this.problem = null;
    }
    this.#wanted = wanted;
    this.#drop((request) => !serves(request, wanted));
    // Off is plain output, which every unit has.
    if (wanted.alpha === 0) return;
    const { runId, alpha, current, stops, units } = wanted;
    if (current !== null) {
      const alphas = stops.filter((stop) => this.#lacks(runId, current, stop));
      if (alphas.length > 0) await this.#ask(runId, alphas, [current.index]);
    }
    // Meanwhile something else may be looked at.
    if (this.#wanted !== wanted) return;
    const missing = units.filter((unit) => this.#lacks(runId, unit, alpha));
    if (missing.length === 0) return;
    await this.#ask(
      runId,
      [alpha],
      missing.map(({ index }) => index),
    );
  }

  async computeWholeFile(runId: string, alpha: number): Promise<void> {
    this.problem = null;
    await this.#ask(runId, [alpha], null);
  }

  /** For another item. */
  dropAll(): void {
    this.#wanted = null;
    this.problem = null;
    this.#drop(() => true);
  }

  cancelWholeFile(runId: string, alpha: number): void {
    this.#drop(
      (each) => each.runId === runId && each.units === null && each.alphas.includes(alpha),
    );
  }

  /** To be told of jobs whose state changed. */
  jobsChanged(jobs: readonly Job[]): void {
    for (const job of jobs) {
      const request = this.#open.find(({ jobId }) => jobId === job.id);
      if (request !== undefined) this.#look(request, job);
    }
  }

  #lacks(runId: string, unit: SegmentView, alpha: number): boolean {
    return (
      !unit.variants.some((variant) => variant.alpha === alpha) &&
      !this.isComputing(runId, unit.index, alpha) &&
      !this.#failed.has(failureKey(unit.index, alpha))
    );
  }

  async #ask(
    runId: string,
    alphas: readonly number[],
    units: readonly number[] | null,
  ): Promise<void> {
    const request: Request = { runId, alphas, units, jobId: null, dropped: false };
    this.#open = [...this.#open, request];
    try {
      const job = await this.#client.jobs.again({
        type: 'variants',
        runId,
        work: {
          kind: 'variants',
          alphas: [...alphas],
          units: units === null ? null : [...units],
        },
      });
      request.jobId = job.id;
      if (request.dropped) await this.#cancel(job.id);
      // It may have ended before its id was known here.
      else this.#look(request, this.#jobs().find(({ id }) => id === job.id) ?? job);
      // So that whoever asks for the id of the job is told.
      this.#open = [...this.#open];
    } catch (error) {
      if (!request.dropped) this.#fail(request, problemOf(error));
      this.#close(request);
    }
  }

  #look(request: Request, job: Job): void {
    if (job.state === 'running' || job.state === 'waiting') return;
    if (job.state !== 'done') this.#fail(request, job.error);
    else if (!this.hasServed(job.runId)) this.#served = [...this.#served, job.runId];
    this.#close(request);
    if (request.units !== null) void this.#remove(job.id);
  }

  /** @param problem null where it was cancelled elsewhere */
  #fail({ units, alphas }: Request, problem: Problem | null): void {
    if (problem !== null) this.problem = problem;
    for (const index of units ?? []) {
      for (const alpha of alphas) this.#failed.add(failureKey(index, alpha));
    }
  }

  #drop(superfluous: (request: Request) => boolean): void {
    for (const request of this.#open.filter(superfluous)) {
      this.#close(request);
      request.dropped = true;
      if (request.jobId !== null) void this.#cancel(request.jobId);
    }
  }

  #close(request: Request): void {
    this.#open = this.#open.filter((each) => each !== request);
  }

  async #cancel(jobId: string): Promise<void> {
    try {
      await this.#client.jobs.cancel({ jobId });
    } catch {
      // It has ended by itself, or the connection has; either way nobody waits for it here.
    }
    await this.#remove(jobId);
  }

  async #remove(jobId: string): Promise<void> {
    try {
      await this.#client.jobs.remove({ jobId });
    } catch {
      // It stays in the list, where a person can remove it.
    }
  }
}

function failureKey(index: number, alpha: number): string {
  return `${index} ${alpha}`;
}

/** Whether a request is of use for what is looked at now. */
function serves(request: Request, { runId, alpha, current, stops }: Wanted): boolean {
  if (request.runId !== runId || alpha === 0) return false;
  if (request.alphas.includes(alpha)) return true;
  const ofCurrent = request.units?.length === 1 && request.units[0] === current?.index;
  return ofCurrent && request.alphas.every((each) => stops.includes(each));
}
