/**
 * Whatever happens to the queue, in whatever order: no unit is lost, doubled or changed, no job is
 * forgotten or done twice, no more run than the engine has room for, and watchers know what the store
 * knows.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job, JobEvent, JobState } from '../contract/jobs.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import { newItem, queueOver, SETTINGS, settled, variants } from './test-queue.ts';
import { ScriptedEngine } from './test-scripted-engine.ts';
import { STORES } from './test-stores.ts';

const rooms = fc.integer({ min: 1, max: 3 });
const jobNumber = fc.nat(20);
const actions = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('add'),
      path: fc.constantFrom('text-1', 'text-3', 'audio-2', 'audio-5'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('more'), job: jobNumber, alpha: fc.nat(2) }),
  },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('step') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('crash', 'kill', 'close') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('cancel', 'retry', 'remove', 'move'),
      job: jobNumber,
      before: jobNumber,
    }),
  },
  // Two things in one turn meet in moments that are hard to think of.
  { weight: 2, arbitrary: fc.record({ type: fc.constant('at once') }) },
);
type Action = Partial<{ type: string; path: string; job: number; alpha: number; before: number }>;

const ACTIVE: readonly JobState[] = ['waiting', 'running'];
const RETRIABLE: readonly JobState[] = ['failed', 'cancelled'];

class World {
  readonly store: JobStore;
  readonly #room: number;
  engine: ScriptedEngine;
  queue: JobQueue;
  readonly faults: unknown[] = [];
  readonly removed = new Set<string>();
  readonly finished = new Map<string, number>();
  /** What was stored when it was told, by run and unit. */
  readonly told = new Map<string, string>();
  readonly #progress = new Map<string, number>();
  #seen = new Map<string, Job>();
  /** Of the program that runs now. */
  #life = { ended: false };

  /** @param room jobs that the engine works on at once */
  constructor(store: JobStore, room: number) {
    this.store = store;
    this.#room = room;
    this.engine = this.#newEngine();
    this.queue = this.#begin();
  }

  #begin(): JobQueue {
    const life = { ended: false };
    this.#life = life;
    const faults = { push: (fault: unknown) => life.ended || this.faults.push(fault) };
    const queue = queueOver(mortal(this.store, life), this.engine, { faults });
    void this.#follow(queue);
    queue.start();
    return queue;
  }

  async #follow(queue: JobQueue): Promise<void> {
    for await (const event of queue.watch()) if (queue === this.queue) this.#hear(event);
  }

  #hear(event: JobEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.#seen = new Map(event.jobs.map((job) => [job.id, job]));
        break;
      case 'changed': {
        const { job } = event;
        expect(job.done).toBeGreaterThanOrEqual(this.#progress.get(job.id) ?? 0);
        this.#progress.set(job.id, job.done);
        const before = this.#seen.get(job.id)?.state;
        if (job.state === 'done' && before !== 'done') {
          this.finished.set(job.id, (this.finished.get(job.id) ?? 0) + 1);
        }
        this.#seen.set(job.id, job);
        break;
      }
      case 'removed':
        this.#seen.delete(event.jobId);
        break;
      case 'segment': {
        const stored = this.store.segment(event.runId, event.index);
        expect(stored).not.toBeNull();
        const known = new Set(stored?.variants.map(({ alpha }) => alpha));
        for (const alpha of known) this.told.set(`${event.runId} ${event.index} ${alpha}`, '');
        break;
      }
      case 'partial':
      case 'encoded-again':
        break;
    }
  }

  async do({ type, path = '', job: number = 0, before = 0, alpha = 0 }: Action): Promise<void> {
    const jobs = this.queue.list();
    const job = jobs[number % Math.max(1, jobs.length)];
    switch (type) {
      case 'add':
        this.queue.addItem(newItem(path), SETTINGS);
        break;
      case 'more':
        if (job !== undefined) this.queue.addVariants(job.runId, variants([0, alpha]));
        break;
      case 'step':
        this.engine.step();
        break;
      case 'crash':
        this.engine.crash();
        break;
      case 'close':
        await this.queue.close();
        this.#restart();
        break;
      case 'kill':
        // Neither the killed program nor its engine does anything again.
        this.#life.ended = true;
        this.#restart();
        break;
      case 'cancel':
        if (job && ACTIVE.includes(job.state)) this.queue.cancel(job.id);
        break;
      case 'retry':
        if (job && RETRIABLE.includes(job.state)) this.queue.retry(job.id);
        break;
      case 'remove':
        if (job && !ACTIVE.includes(job.state)) {
          this.queue.remove(job.id);
          this.removed.add(job.id);
        }
        break;
      case 'move': {
        const other = jobs[before % Math.max(1, jobs.length)];
        if (job?.state === 'waiting') {
          this.queue.move(job.id, other?.state === 'waiting' ? other.id : null);
        }
        break;
      }
    }
  }

  #restart(): void {
    this.engine = this.#newEngine();
    this.queue = this.#begin();
  }

  #newEngine(): ScriptedEngine {
    const engine = new ScriptedEngine();
    engine.room = this.#room;
    return engine;
  }

  check(): void {
    const jobs = this.queue.list();
    const running = jobs.filter(({ state }) => state === 'running');
    expect(running.length).toBeLessThanOrEqual(this.#room);
    if (running.length > 1) expect(new Set(running.map(({ work }) => work.kind)).size).toBe(1);
    // Nothing waits while the engine has nothing to do.
    if (running.length === 0) expect(jobs.filter(({ state }) => state === 'waiting')).toEqual([]);
    else expect(this.engine.atWork).toBe(true);
    expect([...this.#seen.values()].sort((a, b) => a.position - b.position)).toEqual(jobs);
    for (const key of this.told.keys()) {
      const [runId = '', index, alpha] = key.split(' ');
      const found = this.store
        .segment(runId, Number(index))
        ?.variants.filter((variant) => variant.alpha === Number(alpha));
      expect(found).toHaveLength(1);
      expect(found?.[0]?.text).toMatch(new RegExp(`:${index}@${alpha}$`));
    }
  }

  /** Everything that ended early is tried again, and all of it passes. */
  async finish(): Promise<void> {
    for (const job of this.queue.list()) {
      if (RETRIABLE.includes(job.state)) this.queue.retry(job.id);
    }
    this.engine.letAllPass();
    await this.queue.idle();
    await settled();
    for (const job of this.queue.list()) {
      expect(job).toMatchObject({ state: 'done', error: null });
      expect(job.done).toBe(job.total);
      expect(this.finished.get(job.id)).toBe(1);
      if (job.work.kind === 'whole') {
        const count = Number(job.name.split('-')[1]);
        const indices = this.store.units(job.runId).map(({ index }) => index);
        expect(indices).toEqual(Array.from({ length: count }, (_, i) => i));
      }
    }
    expect(this.faults).toEqual([]);
    await this.queue.close();
  }
}

/** A store as a program sees it that may be killed: afterwards nothing reaches it. */
function mortal(store: JobStore, life: { readonly ended: boolean }): JobStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (life.ended) throw new Error('The program was killed.');
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

test.each(STORES)('over the store %s', async (_, openStore, numRuns) => {
  await fc.assert(
    fc.asyncProperty(rooms, fc.array(actions, { maxLength: 40 }), async (room, sequence) => {
      const world = new World(openStore(), room);
      for (const action of sequence as readonly Action[]) {
        if (action.type === 'at once') continue;
        await world.do(action);
        if (sequence[sequence.indexOf(action as never) + 1]?.type === 'at once') continue;
        await settled();
        world.check();
      }
      await settled();
      await world.finish();
    }),
    { numRuns },
  );
});
