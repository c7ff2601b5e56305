/**
 * An application in memory behind the real contract, for the states alone: what it is told to hold
 * it hands out, inputs and outputs are checked, events are sent by the test. The real application is
 * proved in e2e/app.
 */

import { createRouterClient, implement, ORPCError } from '@orpc/server';
import { appContract } from '../../src-main/contract/app-contract.ts';
import type { ItemDetail, SegmentView, UnitChange } from '../../src-main/contract/history.ts';
import type { Job, JobEvent } from '../../src-main/contract/jobs.ts';
import type { AppClient } from '../bridge/app-client.ts';
import type { Bridge, ConnectionState, GrantOptions } from '../bridge/bridge.ts';
import type { ListedItem } from './history/history-state.svelte.ts';
import { isActive } from './queue/queue-order.ts';
import { jobOf } from './test-data.ts';
import { TestProgram } from './test-program.ts';
import { TestUnits } from './test-units.ts';

type Added = Parameters<AppClient['jobs']['add']>[0];
type PeaksQuestion = Parameters<AppClient['media']['peaks']>[0];
type Again = Parameters<AppClient['jobs']['again']>[0];
type Moved = Parameters<AppClient['jobs']['move']>[0];
type Updated = Parameters<AppClient['jobs']['update']>[0];

export class TestApplication {
  items: ListedItem[] = [];
  details = new Map<string, ItemDetail>();
  segments: SegmentView[] = [];
  jobs: Job[] = [];
  /** What was asked for, in order. */
  readonly added: Added[] = [];
  /** Further work on runs; each becomes a waiting job. */
  readonly again: Again[] = [];
  readonly moved: Moved[] = [];
  readonly updated: Updated[] = [];
  readonly searched: string[] = [];
  readonly changed: UnitChange[][] = [];
  readonly peaksAsked: PeaksQuestion[] = [];
  /** Nothing that a person does to units can be stored. */
  full = false;
  undoSeconds = 30;
  readonly client: AppClient;
  readonly units = new TestUnits();
  readonly program = new TestProgram();
  readonly #deleted = new Set<string>();
  #listeners = new Set<(event: JobEvent) => void>();

  constructor() {
    // The states under test ask for these procedures only.
    this.client = createRouterClient(this.#router()) as unknown as AppClient;
  }

  emit(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Holds a job as it is now, and tells the watchers. */
  changeJob(job: Job): Job {
    this.jobs = [...this.jobs.filter(({ id }) => id !== job.id), job];
    this.emit({ type: 'changed', job });
    return job;
  }

  #router() {
    const os = implement(appContract);
    return {
      ...this.program.routes(),
      jobs: {
        add: os.jobs.add.handler(({ input }) => {
          this.added.push(input);
          const [job] = this.jobs;
          if (job === undefined) throw new ORPCError('DISK_FULL', { message: 'Make room.' });
          return job;
        }),
        watch: os.jobs.watch.handler(({ signal }) => this.#watch(signal)),
        again: os.jobs.again.handler(({ input }) => {
          this.again.push(input);
          const job = jobOf({
            state: 'waiting',
            ...(input.type === 'variants' ? { runId: input.runId, work: input.work } : {}),
          });
          this.changeJob(job);
          return job;
        }),
        cancel: os.jobs.cancel.handler(({ input: { jobId } }) => {
          const job = this.jobs.find(({ id }) => id === jobId);
          if (job === undefined || !isActive(job)) {
            throw new ORPCError('JOB_STATE', { message: 'This job has ended.' });
          }
          return this.changeJob({ ...job, state: 'cancelled' });
        }),
        move: os.jobs.move.handler(({ input }) => {
          this.moved.push(input);
          return this.#job(input.jobId);
        }),
        update: os.jobs.update.handler(({ input }) => {
          this.updated.push(input);
          return this.#job(input.jobId);
        }),
        remove: os.jobs.remove.handler(({ input: { jobId } }) => {
          this.jobs = this.jobs.filter(({ id }) => id !== jobId);
          this.emit({ type: 'removed', jobId });
        }),
      },
      history: {
        list: os.history.list.handler(({ input }) => {
          this.searched.push(input.text);
          const { text, kind, state } = input;
          const found = this.items.filter(
            (item) =>
              !this.#deleted.has(item.id) &&
              item.name.includes(text) &&
              (kind ?? item.kind) === item.kind &&
              (state ?? item.state) === item.state,
          );
          // The row that a page ended with may have gone meanwhile.
          const before = this.items.findIndex(({ id }) => id === input.cursor);
          const rest = found.filter((item) => this.items.indexOf(item) > before);
          const items = rest.slice(0, input.limit);
          const cursor = rest.length > items.length ? (items.at(-1)?.id ?? null) : null;
          return { items, cursor, total: found.length };
        }),
        open: os.history.open.handler(({ input }) => {
          const item = this.items.find(({ id }) => id === input.itemId);
          const listed = item === undefined ? undefined : this.#detail(item);
          const detail = this.details.get(input.itemId) ?? listed;
          if (detail === undefined) throw gone();
          return detail;
        }),
        segments: os.history.segments.handler(({ input }) =>
          this.segments.filter(
            ({ index }) => index >= input.from && index < input.from + input.limit,
          ),
        ),
        change: os.history.change.handler(({ input: { changes } }) => {
          if (this.full) throw new ORPCError('DISK_FULL', { message: 'Make room.' });
          this.changed.push(changes);
          const changed = this.units.change(this.segments, changes);
          if (changed === null) throw new ORPCError('VARIANT_NOT_FOUND', { message: 'Not there.' });
          this.segments = [...changed];
          return changed.filter((unit) => changes.some(({ index }) => index === unit.index));
        }),
        scores: os.history.scores.handler(() => null),
        rename: os.history.rename.handler(({ input }) => {
          if (!this.items.some(({ id }) => id === input.itemId)) throw gone();
          this.items = this.items.map((item) =>
            item.id === input.itemId ? { ...item, name: input.name } : item,
          );
        }),
        delete: os.history.delete.handler(({ input }) => {
          for (const id of input.itemIds) this.#deleted.add(id);
          return { until: Date.now() + this.undoSeconds * 1000 };
        }),
        restore: os.history.restore.handler(({ input }) => {
          if (!input.itemIds.every((id) => this.#deleted.has(id))) throw gone();
          for (const id of input.itemIds) this.#deleted.delete(id);
        }),
        export: os.history.export.handler(({ input: { format, alpha } }) => ({
          fileName: `letter.${format}`,
          content: `${format} at ${alpha}`,
        })),
      },
      media: {
        peaks: os.media.peaks.handler(({ input }) => {
          this.peaksAsked.push(input);
          const { from, to, pieces } = input;
          return { from, step: (to - from) / pieces, low: [-1], high: [1] };
        }),
      },
    };
  }

  #detail({ found: _found, ...item }: ListedItem): ItemDetail {
    const deletedAt = this.#deleted.has(item.id) ? 1 : null;
    return { item: { ...item, deletedAt }, runs: [], reference: null };
  }

  #job(jobId: string): Job {
    const job = this.jobs.find(({ id }) => id === jobId);
    if (job === undefined) throw new ORPCError('JOB_NOT_FOUND', { message: 'Gone.' });
    return job;
  }

  async *#watch(signal: AbortSignal | undefined): AsyncGenerator<JobEvent, void> {
    const events: JobEvent[] = [{ type: 'snapshot', jobs: this.jobs }];
    let wake = () => {};
    const listener = (event: JobEvent) => {
      events.push(event);
      wake();
    };
    this.#listeners.add(listener);
    signal?.addEventListener('abort', () => wake());
    try {
      while (signal?.aborted !== true) {
        const event = events.shift();
        if (event !== undefined) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}

function gone(): Error {
  return new ORPCError('ITEM_NOT_FOUND', { message: 'Gone.' });
}

/** A shell whose uploads end when the test says so. */
export class TestBridge implements Bridge {
  readonly client: AppClient;
  readonly grants: { file: File; options: GrantOptions; finish: (grantId: string) => void }[] = [];
  #listener: (state: ConnectionState) => void = () => {};

  constructor(client: AppClient) {
    this.client = client;
  }

  watchConnection(listener: (state: ConnectionState) => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  connect(state: ConnectionState): void {
    this.#listener(state);
  }

  reconnect(): void {}

  grantFile(file: File, options: GrantOptions): Promise<string> {
    return new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
      this.grants.push({ file, options, finish: resolve });
    });
  }
}
