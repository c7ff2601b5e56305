/**
 * An application in memory behind the real contract, for the states alone: what it is told to hold
 * it hands out, inputs and outputs are checked, events are sent by the test. The real application is
 * proved in e2e/app.
 */

import { createRouterClient, implement, ORPCError } from '@orpc/server';
import { appContract } from '../../src-main/contract/app-contract.ts';
import type { ItemDetail, SegmentView } from '../../src-main/contract/history.ts';
import type { Job, JobEvent } from '../../src-main/contract/jobs.ts';
import type { AppClient } from '../bridge/app-client.ts';
import type { Bridge, ConnectionState, GrantOptions } from '../bridge/bridge.ts';
import type { ListedItem } from './history-state.svelte.ts';
import { itemOf } from './test-data.ts';

type Added = Parameters<AppClient['jobs']['add']>[0];

export class TestApplication {
  items: ListedItem[] = [];
  details = new Map<string, ItemDetail>();
  segments: SegmentView[] = [];
  jobs: Job[] = [];
  /** What was asked for, in order. */
  readonly added: Added[] = [];
  readonly searched: string[] = [];
  undoSeconds = 30;
  readonly client: AppClient;
  #listeners = new Set<(event: JobEvent) => void>();

  constructor() {
    // The states under test ask for these procedures only.
    this.client = createRouterClient(this.#router()) as unknown as AppClient;
  }

  emit(event: JobEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #router() {
    const os = implement(appContract);
    return {
      jobs: {
        add: os.jobs.add.handler(({ input }) => {
          this.added.push(input);
          const [job] = this.jobs;
          if (job === undefined) throw new ORPCError('DISK_FULL', { message: 'Make room.' });
          return job;
        }),
        watch: os.jobs.watch.handler(({ signal }) => this.#watch(signal)),
        cancel: os.jobs.cancel.handler(() => {
          throw new ORPCError('JOB_STATE', { message: 'This job has ended.' });
        }),
      },
      history: {
        list: os.history.list.handler(({ input }) => {
          this.searched.push(input.text);
          const found = this.items.filter(({ name }) => name.includes(input.text));
          const from = Number(input.cursor ?? 0);
          const to = from + input.limit;
          return {
            items: found.slice(from, to),
            cursor: to < found.length ? String(to) : null,
            total: found.length,
          };
        }),
        open: os.history.open.handler(({ input }) => {
          const detail = this.details.get(input.itemId);
          if (detail === undefined) throw new ORPCError('ITEM_NOT_FOUND', { message: 'Gone.' });
          return detail;
        }),
        segments: os.history.segments.handler(({ input }) =>
          this.segments.filter(
            ({ index }) => index >= input.from && index < input.from + input.limit,
          ),
        ),
        delete: os.history.delete.handler(({ input }) => {
          this.items = this.items.filter(({ id }) => !input.itemIds.includes(id));
          return { until: Date.now() + this.undoSeconds * 1000 };
        }),
        restore: os.history.restore.handler(({ input }) => {
          this.items = [...this.items, ...input.itemIds.map((id) => itemOf({ id }))];
        }),
      },
    };
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
