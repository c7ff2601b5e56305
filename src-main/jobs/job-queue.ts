/**
 * The queue: a list of jobs that outlives the program, worked off one at a time. What it decides is
 * stored before it is said; what is stored is all that it needs to go on after a crash.
 * docs/queue.md has the states and the rules.
 */

import { randomUUID } from 'node:crypto';
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
  #current: JobRun | null = null;
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
    return this.#current !== null || nextJob(this.#parts.store.jobs()) !== null;
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
    const current = this.#current;
    if (current?.job.itemId === itemId) await current.ended;
  }

  /** Resolves when no job runs or waits. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  /** Stops. The running job stays `running` in the store, as after a crash, and is gone on with. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#current?.stop();
    await this.idle();
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
    this.#working ??= this.#work();
  }

  #letUrgentGoFirst(): void {
    const current = this.#current;
    if (current === null || current.stopped || isUrgent(current.job)) return;
    const next = nextJob(this.#parts.store.jobs());
    if (next !== null && isUrgent(next)) this.#halt(current.job, { state: 'waiting' });
  }

  async #work(): Promise<void> {
    // A turn later, so that whoever added a job has its id before it runs.
    await Promise.resolve();
    try {
      while (!this.#closed) {
        const job = nextJob(this.#parts.store.jobs());
        if (job === null) break;
        await this.#run(job);
      }
    } catch (fault) {
      // The store itself fails: no job can be helped, and the next request tries again.
      this.#parts.reportFault(fault);
    } finally {
      // In the same turn as the decision to end, so that no job is added unseen.
      this.#working = null;
    }
  }

  async #run(waiting: Job): Promise<void> {
    const { store, encoderCache, reportFault } = this.#parts;
    const run = new JobRun(
      store.setState(waiting.id, { state: 'running', error: null }),
      this.#parts,
      (event) => {
        if (event === 'changed') this.#changed(store.job(waiting.id));
        else this.#watchers.tell(event);
      },
    );
    this.#current = run;
    this.#changed(run.job);
    try {
      await run.run();
    } catch (error) {
      // Whoever stopped it has stored what it is now.
      if (!run.stopped) this.#changed(store.setState(run.job.id, this.#failure(error)));
    } finally {
      this.#current = null;
    }
    encoderCache.prune().catch(reportFault);
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
    if (this.#current?.job.id === job.id) this.#current.stop();
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
    const current = this.#current;
    const running = job.state === 'running' && current?.job.id === job.id && !current.stopped;
    return { ...job, stage: running ? current.stage : null };
  }
}
