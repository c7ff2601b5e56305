/**
 * The queue: a list of jobs that outlives the program, worked off in their order. Jobs that ask for the
 * same are given to the engine together, which begins with one when those before it leave room. What the
 * queue decides is stored before it is said; what is stored is all that it needs to go on after a crash.
 * docs/queue.md has the states and the rules.
 */

import { randomUUID } from 'node:crypto';
import { REQUESTS_AT_ONCE } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { Job, JobError, JobEvent, JobState, JobWork, RunSettings } from '../contract/jobs.ts';
import { JobRun } from './job-run.ts';
import type { NewItem, StateChange } from './job-store.ts';
import { JobWatchers } from './job-watchers.ts';
import { isUrgent, nextJob, placementBefore } from './queue-order.ts';
import type { QueueParts } from './queue-ports.ts';
import { askedUnits } from './remaining-work.ts';

type Variants = Extract<JobWork, { kind: 'variants' }>;

const WHOLE: JobWork = { kind: 'whole' };

export class JobQueue {
  readonly #parts: QueueParts;
  readonly #watchers = new JobWatchers();
  /** By job, in the order in which the engine was given them; stopped ones until they have let go. */
  readonly #runs = new Map<string, JobRun>();
  /** Resolved when a run has ended or leaves room, or a job was added. */
  #news = Promise.withResolvers<void>();
  /** The store failed, and would again. */
  #broken = false;
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Goes on with what the program before left. To be called once. */
  start(): void {
    this.#parts.store.recover();
    this.#wake();
  }

  /** True while a job runs or waits. */
  get busy(): boolean {
    return this.#runs.size > 0 || nextJob(this.#parts.store.jobs()) !== null;
  }

  /** By position. */
  list(): readonly Job[] {
    return this.#parts.store.jobs().map((job) => this.#withStage(job));
  }

  /** A snapshot first, then what changes. Ends with the signal, or with the queue. */
  watch(signal?: AbortSignal): AsyncGenerator<JobEvent, void, void> {
    return this.#watchers.watch(() => this.#snapshot(), signal);
  }

  /** Tells every watcher of a change to items that no job made and that no job in the list shows. */
  tellOfItems(itemIds: readonly string[]): void {
    for (const itemId of itemIds) this.#watchers.tell({ type: 'item', itemId });
  }

  /** The same for a change that the list shows too (a name, a deletion): watchers get it anew. */
  tellOfListedItems(itemIds: readonly string[]): void {
    this.tellOfItems(itemIds);
    if (itemIds.length > 0) this.#watchers.tell(this.#snapshot());
  }

  /** Stores an item and queues its first run. */
  addItem(item: NewItem, settings: RunSettings): Job {
    const run = { id: randomUUID(), itemId: item.id, settings };
    const job = { id: randomUUID(), runId: run.id, work: WHOLE };
    return this.#added(this.#parts.store.addItem(item, run, job));
  }

  /** Another run of an item. @throws VeerError ITEM_NOT_FOUND */
  addRun(itemId: string, settings: RunSettings): Job {
    const run = { id: randomUUID(), itemId, settings };
    const job = { id: randomUUID(), runId: run.id, work: WHOLE };
    return this.#added(this.#parts.store.addRun(run, job));
  }

  /** More α for units of a run. @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND */
  addVariants(runId: string, work: Variants): Job {
    const found = askedUnits(work, this.#parts.store.units(runId));
    if (work.units !== null && found.length < new Set(work.units).size) {
      const missing = work.units.find((unit) => !found.some(({ index }) => index === unit));
      throw new VeerError(
        'SEGMENT_NOT_FOUND',
        `Segment ${(missing ?? 0) + 1} has no output yet. Wait until it is done.`,
      );
    }
    return this.#added(this.#parts.store.addJob({ id: randomUUID(), runId, work }));
  }

  /** Other settings for a run that has not begun. @throws VeerError JOB_NOT_FOUND, JOB_STATE */
  update(jobId: string, settings: RunSettings): Job {
    const { store } = this.#parts;
    const job = this.#inState(jobId, ['waiting'], 'changed only while it waits');
    if (store.units(job.runId).length > 0) {
      throw new VeerError(
        'JOB_STATE',
        `“${job.name}” has begun with its settings. Start a new run of it to use others.`,
      );
    }
    store.setSettings(job.runId, settings);
    this.#takeBack();
    for (const other of store.jobs()) if (other.runId === job.runId) this.#changed(other);
    return this.#withStage(store.job(jobId));
  }

  /** Puts a job before another waiting one; null: to the end. @throws as `update` */
  move(jobId: string, before: string | null): Job {
    const { store } = this.#parts;
    const job = this.#inState(jobId, ['waiting'], 'moved only while it waits');
    if (before === jobId) return job;
    if (before !== null) this.#inState(before, ['waiting'], 'a place only while it waits');
    for (const place of placementBefore(store.jobs(), jobId, before)) {
      this.#changed(store.setPosition(place.jobId, place.position));
    }
    this.#takeBack();
    return this.#withStage(store.job(jobId));
  }

  /** Ends a job and keeps what is done. @throws VeerError JOB_NOT_FOUND, JOB_STATE */
  cancel(jobId: string): Job {
    const job = this.#inState(jobId, ['waiting', 'running'], 'cancelled only before it ends');
    return this.#halt(job, { state: 'cancelled', error: null });
  }

  /** Queues a job again; it goes on where it was. @throws VeerError JOB_NOT_FOUND, JOB_STATE */
  retry(jobId: string): Job {
    this.#inState(
      jobId,
      ['failed', 'cancelled'],
      'tried again only when it failed or was cancelled',
    );
    return this.#added(this.#parts.store.setState(jobId, { state: 'waiting', error: null }));
  }

  /** Takes a job off the list; the item stays. @throws VeerError JOB_NOT_FOUND, JOB_STATE */
  remove(jobId: string): void {
    this.#inState(jobId, ['done', 'failed', 'cancelled'], 'removed only when it has ended');
    this.#parts.store.removeJob(jobId);
    this.#watchers.tell({ type: 'removed', jobId });
  }

  /** Cancels the jobs of an item, and waits until nothing reads or writes its files. */
  async stopItem(itemId: string): Promise<void> {
    for (const job of this.#parts.store.jobs()) {
      const active = job.state === 'waiting' || job.state === 'running';
      if (job.itemId === itemId && active) this.cancel(job.id);
    }
    const own = [...this.#runs.values()].filter(({ job }) => job.itemId === itemId);
    await Promise.all(own.map(({ ended }) => ended));
  }

  /** Resolves when no job runs or waits. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  /** Stops. What runs stays `running` in the store, as after a crash, and is gone on with. */
  async close(): Promise<void> {
    this.#closed = true;
    const runs = [...this.#runs.values()];
    for (const run of runs) run.stop();
    await this.idle();
    await Promise.all(runs.map(({ ended }) => ended));
    this.#watchers.close();
  }

  #added(job: Job): Job {
    const added = this.#changed(job);
    this.#wake();
    return added;
  }

  #wake(): void {
    if (this.#closed) return;
    this.#letUrgentGoFirst();
    this.#broken = false;
    this.#working ??= this.#work();
    this.#news.resolve();
  }

  #letUrgentGoFirst(): void {
    const next = nextJob(this.#parts.store.jobs());
    if (next === null || !isUrgent(next)) return;
    this.#takeBack();
    for (const { job, stopped } of this.#runs.values()) {
      if (!stopped && !isUrgent(job)) this.#halt(job, { state: 'waiting' });
    }
  }

  /** What the engine has not begun with: the list has changed, or somebody goes first or alone. */
  #takeBack(): void {
    for (const run of this.#runs.values()) if (!run.begun) run.stop();
  }

  async #work(): Promise<void> {
    // A turn later, so that whoever added a job has its id before it runs.
    await Promise.resolve();
    try {
      while (!this.#broken) {
        this.#startAll();
        if (this.#runs.size === 0) break;
        await this.#news.promise;
        this.#news = Promise.withResolvers();
      }
    } catch (fault) {
      this.#parts.reportFault(fault);
    } finally {
      // In the same turn as the decision to end, so that no job is added unseen.
      this.#working = null;
    }
  }

  /** Starts the next jobs, as many as may be at work together. */
  #startAll(): void {
    if (this.#closed) return;
    const waiting = new Set(this.#parts.store.jobs().filter(({ id }) => !this.#runs.has(id)));
    while (this.#runs.size < REQUESTS_AT_ONCE) {
      const next = nextJob([...waiting]);
      if (next === null || ![...this.#runs.values()].every((run) => run.goesWith(next))) return;
      waiting.delete(next);
      this.#start(next);
    }
  }

  #start(job: Job): void {
    const before = [...this.#runs.values()].at(-1);
    const run: JobRun = new JobRun(job, this.#parts, {
      tell: (event) => {
        if (event === 'changed') this.#changed(this.#parts.store.job(job.id));
        else this.#watchers.tell(event);
      },
      before: before?.asked ?? Promise.resolve(),
      leavesRoom: () => this.#news.resolve(),
      crashed: () => this.#takeBack(),
      whenFirst: () => this.#whenFirst(run),
    });
    this.#runs.set(job.id, run);
    void this.#run(run, before === undefined);
  }

  async #whenFirst(run: JobRun): Promise<void> {
    for (const other of this.#runs.values()) {
      if (other === run) return;
      await other.ended;
    }
  }

  /** @param first of all that are at work: it need not wait for room */
  async #run(run: JobRun, first: boolean): Promise<void> {
    const { encoderCache, reportFault } = this.#parts;
    try {
      if (first) run.begin();
      await run.run();
    } catch (error) {
      // Whoever stopped it has stored what it is now.
      if (!run.stopped) this.#failed(run, error);
    } finally {
      this.#runs.delete(run.job.id);
      this.#news.resolve();
    }
    encoderCache.prune().catch(reportFault);
  }

  #failed(run: JobRun, error: unknown): void {
    const failure = this.#failure(error);
    // It was not at work when others crashed the engine: it waits as before.
    if (!run.begun && failure.error.code === 'ENGINE_CRASHED') return;
    try {
      run.begin();
      this.#changed(this.#parts.store.setState(run.job.id, failure));
    } catch (fault) {
      // The store itself fails: no job can be helped, and the next request tries again.
      this.#broken = true;
      this.#parts.reportFault(fault);
    }
  }

  #failure(error: unknown): StateChange & { readonly error: JobError } {
    if (error instanceof VeerError) {
      if (error.code === 'INTERNAL') this.#parts.reportFault(error);
      return { state: 'failed', error: { code: error.code, message: error.message } };
    }
    this.#parts.reportFault(error);
    return {
      state: 'failed',
      error: { code: 'INTERNAL', message: 'Something went wrong in the program. Try again.' },
    };
  }

  /** The new state holds at once, also where the engine needs a moment to let go. */
  #halt(job: Job, change: StateChange): Job {
    const halted = this.#parts.store.setState(job.id, change);
    const run = this.#runs.get(job.id);
    run?.stop();
    // An engine that does not let go can be ended where it works for nobody else.
    if (run?.begun === true) this.#takeBack();
    return this.#changed(halted);
  }

  #inState(jobId: string, states: readonly JobState[], rule: string): Job {
    const job = this.#parts.store.job(jobId);
    if (states.includes(job.state)) return job;
    throw new VeerError('JOB_STATE', `“${job.name}” is ${job.state}. A job can be ${rule}.`);
  }

  #changed(job: Job): Job {
    const seen = this.#withStage(job);
    this.#watchers.tell({ type: 'changed', job: seen });
    return seen;
  }

  #snapshot(): JobEvent {
    return { type: 'snapshot', jobs: [...this.list()] };
  }

  #withStage(job: Job): Job {
    const run = this.#runs.get(job.id);
    const running = job.state === 'running' && run !== undefined && !run.stopped;
    return { ...job, stage: running ? run.stage : null };
  }
}
