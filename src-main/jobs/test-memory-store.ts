/** Jobs in memory, with the rules of the history: for tests of the queue that need no disk. */

import { VeerError } from '../contract/errors.ts';
import type { Job, RunSettings } from '../contract/jobs.ts';
import type { Segment, Timings } from '../contract/result.ts';
import type {
  JobSource,
  JobStore,
  NewItem,
  NewJob,
  NewRun,
  Progress,
  RunFacts,
  StateChange,
  StoredUnit,
} from './job-store.ts';

interface Run extends NewRun {
  settings: RunSettings;
  facts: RunFacts | null;
  readonly segments: Map<number, Segment>;
}

export class MemoryStore implements JobStore {
  readonly #items = new Map<string, NewItem>();
  readonly #runs = new Map<string, Run>();
  readonly #jobs = new Map<string, Job>();
  readonly #crashes = new Map<string, number>();
  readonly finished: string[] = [];

  jobs(): readonly Job[] {
    return [...this.#jobs.values()]
      .sort((a, b) => a.position - b.position)
      .map((job) => this.#view(job));
  }

  job(jobId: string): Job {
    return this.#view(this.#find(jobId));
  }

  addItem(item: NewItem, run: NewRun, job: NewJob): Job {
    this.#items.set(item.id, item);
    return this.addRun(run, job);
  }

  addRun(run: NewRun, job: NewJob): Job {
    if (!this.#items.has(run.itemId)) throw new VeerError('ITEM_NOT_FOUND', 'No such item.');
    this.#runs.set(run.id, { ...run, facts: null, segments: new Map() });
    return this.addJob(job);
  }

  addJob({ id, runId, work }: NewJob): Job {
    const run = this.#run(runId);
    const positions = [...this.#jobs.values()].map(({ position }) => position);
    const job: Job = {
      id,
      itemId: run.itemId,
      runId,
      name: this.#items.get(run.itemId)?.name ?? '',
      work,
      state: 'waiting',
      stage: null,
      position: Math.max(0, ...positions) + 1,
      settings: run.settings,
      done: 0,
      total: null,
      segments: 0,
      error: null,
      createdAt: 0,
      startedAt: null,
      finishedAt: null,
    };
    this.#jobs.set(id, job);
    return this.job(id);
  }

  setSettings(runId: string, settings: RunSettings): void {
    this.#run(runId).settings = settings;
  }

  source(runId: string): JobSource {
    const item = this.#items.get(this.#run(runId).itemId);
    if (item === undefined) throw new VeerError('RUN_NOT_FOUND', 'No such run.');
    return { itemId: item.id, kind: item.kind, path: item.sourcePath };
  }

  setPosition(jobId: string, position: number): Job {
    return this.#change(jobId, { position });
  }

  setState(jobId: string, { state, error }: StateChange): Job {
    const kept = state === 'waiting' ? this.#find(jobId).error : null;
    return this.#change(jobId, { state, error: error === undefined ? kept : error });
  }

  removeJob(jobId: string): void {
    this.#find(jobId);
    this.#jobs.delete(jobId);
  }

  recover(): void {
    const running = this.jobs().filter(({ state }) => state === 'running');
    const first = Math.min(0, ...this.jobs().map(({ position }) => position)) - running.length;
    for (const [i, { id }] of running.entries()) {
      this.#change(id, { state: 'waiting', position: first + i });
    }
  }

  runFacts(runId: string): RunFacts | null {
    return this.#run(runId).facts;
  }

  setRunFacts(runId: string, facts: RunFacts): void {
    this.#run(runId).facts = facts;
  }

  units(runId: string): readonly StoredUnit[] {
    return [...this.#run(runId).segments.values()]
      .sort((a, b) => a.index - b.index)
      .map(({ index, start, end, variants }) => ({
        index,
        start,
        end,
        alphas: variants.map(({ alpha }) => alpha),
      }));
  }

  segment(runId: string, index: number): Segment | null {
    return this.#run(runId).segments.get(index) ?? null;
  }

  commitSegment(jobId: string, segment: Segment, progress: Progress): boolean {
    const { segments } = this.#run(this.#find(jobId).runId);
    const stored = segments.get(segment.index);
    const known = new Set(stored?.variants.map(({ alpha }) => alpha));
    const added = segment.variants.filter(({ alpha }) => !known.has(alpha));
    if (added.length === 0) return false;
    const unit = stored ?? segment;
    segments.set(segment.index, {
      ...unit,
      predictedScore: unit.predictedScore ?? segment.predictedScore,
      gradientNorm: unit.gradientNorm ?? segment.gradientNorm,
      variants: [...(stored?.variants ?? []), ...added],
    });
    this.#crashes.delete(jobId);
    this.#change(jobId, { ...progress, segments: this.#find(jobId).segments + 1 });
    return true;
  }

  setProgress(jobId: string, progress: Progress): void {
    this.#change(jobId, progress);
  }

  finishJob(jobId: string, _duration: number | null, _timings: Timings): Job {
    this.finished.push(jobId);
    return this.#change(jobId, { state: 'done', error: null });
  }

  countCrash(jobId: string): number {
    const crashes = (this.#crashes.get(jobId) ?? 0) + 1;
    this.#crashes.set(jobId, crashes);
    return crashes;
  }

  #view(job: Job): Job {
    return { ...job, settings: this.#run(job.runId).settings };
  }

  #find(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new VeerError('JOB_NOT_FOUND', 'No such job.');
    return job;
  }

  #run(runId: string): Run {
    const run = this.#runs.get(runId);
    if (run === undefined) throw new VeerError('RUN_NOT_FOUND', 'No such run.');
    return run;
  }

  #change(jobId: string, change: Partial<Job>): Job {
    this.#jobs.set(jobId, { ...this.#find(jobId), ...change });
    return this.job(jobId);
  }
}
