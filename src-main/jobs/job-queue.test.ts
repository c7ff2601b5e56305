import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import type { Job, JobEvent } from '../contract/jobs.ts';
import { EncoderCache } from './encoder-cache.ts';
import type { JobQueue } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import { newItem, queueOver, SETTINGS, settled, stateOf, variants } from './test-queue.ts';
import { ScriptedEngine } from './test-scripted-engine.ts';
import { STORES } from './test-stores.ts';

describe.each(STORES)('over the store %s', (_, openStore) => {
  let store: JobStore;
  let engine: ScriptedEngine;
  let queue: JobQueue;

  beforeEach(() => {
    store = openStore();
    engine = new ScriptedEngine();
    queue = queueOver(store, engine);
    queue.start();
  });

  const add = (path: string, alphas = [0]) => queue.addItem(newItem(path), { ...SETTINGS, alphas });

  /** Another program start over the same store, after the first one was killed. */
  function restarted(): void {
    engine = new ScriptedEngine();
    queue = queueOver(store, engine);
    queue.start();
  }

  async function steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await settled();
      engine.step();
    }
    await settled();
  }

  /** The last request's units. */
  const asked = () => engine.requests.at(-1)?.indices;

  const texts = (job: Job) =>
    store
      .units(job.runId)
      .map(({ index }) => store.segment(job.runId, index)?.variants.map(({ text }) => text));

  describe('order', () => {
    test('jobs run one at a time, as they were added', async () => {
      const jobs = [add('text-1'), add('audio-1'), add('text-1')];
      await settled();
      expect(queue.list().map(({ state }) => state)).toEqual(['running', 'waiting', 'waiting']);
      await steps(1);
      expect(jobs.map((job) => stateOf(queue, job))).toEqual(['done', 'running', 'waiting']);
      expect(queue.busy).toBe(true);
      await steps(2);
      expect(jobs.map((job) => stateOf(queue, job))).toEqual(['done', 'done', 'done']);
      expect(queue.busy).toBe(false);
    });

    test('a waiting job can be moved before another one, and to the end', async () => {
      add('text-1');
      const [a, b, c] = [add('text-1'), add('text-2'), add('text-3')];
      await settled();
      queue.move(c.id, a.id);
      queue.move(a.id, null);
      const order = queue.list().map(({ id }) => id);
      expect(order.slice(1)).toEqual([c.id, b.id, a.id]);
      expect(() => queue.move(order[0] ?? '', null)).toThrow(
        expect.objectContaining({ code: 'JOB_STATE' }),
      );
    });

    test('moving goes on when the numbers between two positions are used up', () => {
      const [, a, b, c] = [add('text-1'), add('text-1'), add('text-1'), add('text-1')];
      for (let i = 0; i < 80; i++) {
        queue.move(c.id, b.id);
        queue.move(b.id, c.id);
      }
      expect(queue.list().map(({ id }) => id)).toEqual([expect.any(String), a.id, b.id, c.id]);
    });

    test('more α go before whole files, and a running file waits and goes on where it was', async () => {
      const first = add('text-2');
      await steps(2);
      const whole = add('audio-4');
      const other = add('text-1');
      await steps(2);
      const more = queue.addVariants(first.runId, variants([0, 1]));
      expect(stateOf(queue, whole)).toBe('waiting');
      await settled();
      expect(stateOf(queue, more)).toBe('running');
      expect(engine.requests.at(-1)).toMatchObject({ indices: [0, 1], options: { alphas: [1] } });
      await steps(2);
      expect([more, whole, other].map((job) => stateOf(queue, job))).toEqual([
        'done',
        'running',
        'waiting',
      ]);
      expect(engine.requests.at(-1)?.part).toEqual({ type: 'rest', index: 2, start: 4 });
      await steps(2);
      expect(stateOf(queue, whole)).toBe('done');
      expect(texts(whole)).toEqual([0, 1, 2, 3].map((i) => [`audio-4:${i}@0`]));
    });

    test('more α do not push away more α', async () => {
      const file = add('text-2');
      await steps(2);
      const a = queue.addVariants(file.runId, variants([1]));
      await settled();
      const b = queue.addVariants(file.runId, variants([2]));
      await settled();
      expect([a, b].map((job) => stateOf(queue, job))).toEqual(['running', 'waiting']);
    });
  });

  describe('editing', () => {
    test('settings of a waiting job that has not begun can be changed', async () => {
      add('text-1');
      const job = add('text-1');
      await settled();
      queue.update(job.id, { ...SETTINGS, alphas: [0, 2] });
      await steps(2);
      expect(texts(job)).toEqual([['text-1:0@0', 'text-1:0@2']]);
    });

    test('a job that runs, has begun or has ended keeps its settings, and the error says why', async () => {
      const job = add('text-2');
      const refused = (text: string) => {
        expect(() => queue.update(job.id, SETTINGS)).toThrow(
          expect.objectContaining({ code: 'JOB_STATE', message: expect.stringContaining(text) }),
        );
      };
      await steps(1);
      refused('“text-2” is running. A job can be changed only while it waits.');
      const urgent = add('text-1');
      queue.cancel(job.id);
      await settled();
      refused('is cancelled');
      queue.retry(job.id);
      expect(stateOf(queue, urgent)).toBe('running');
      refused('has begun');
      await steps(2);
      refused('is done');
    });

    test('only an ended job can be removed, and its item stays', async () => {
      const job = add('text-1');
      expect(() => queue.remove(job.id)).toThrow(expect.objectContaining({ code: 'JOB_STATE' }));
      await steps(1);
      queue.remove(job.id);
      expect(queue.list()).toEqual([]);
      expect(texts(job)).toEqual([['text-1:0@0']]);
      expect(() => queue.remove(job.id)).toThrow(
        expect.objectContaining({ code: 'JOB_NOT_FOUND' }),
      );
    });

    test('more α are refused for a unit that is not there yet', async () => {
      const job = add('text-2');
      await steps(1);
      expect(() => queue.addVariants(job.runId, variants([1], [0, 1]))).toThrow(
        expect.objectContaining({
          code: 'SEGMENT_NOT_FOUND',
          message: 'Segment 2 has no output yet. Wait until it is done.',
        }),
      );
    });
  });

  describe('cancelling and trying again', () => {
    test('a cancelled job is cancelled at once, keeps its units and goes on with the rest', async () => {
      const job = add('text-3');
      await steps(1);
      expect(queue.cancel(job.id)).toMatchObject({ state: 'cancelled', stage: null, done: 1 });
      await settled();
      expect(texts(job)).toHaveLength(1);
      expect(() => queue.cancel(job.id)).toThrow(expect.objectContaining({ code: 'JOB_STATE' }));
      queue.retry(job.id);
      await settled();
      expect(asked()).toEqual([1, 2]);
      await steps(2);
      expect(store.job(job.id)).toMatchObject({ state: 'done', done: 3, total: 3, segments: 3 });
    });

    test('a job that waits is cancelled without having run', async () => {
      add('text-1');
      const job = add('text-1');
      queue.cancel(job.id);
      await steps(1);
      expect(stateOf(queue, job)).toBe('cancelled');
      expect(engine.requests).toHaveLength(1);
    });

    test('trying again while the engine still lets go does not run a job twice at a time', async () => {
      const job = add('text-2');
      await steps(1);
      queue.cancel(job.id);
      queue.retry(job.id);
      await steps(1);
      expect(engine.requests.map(({ indices }) => indices)).toEqual([[0, 1], [1]]);
      expect(stateOf(queue, job)).toBe('done');
    });

    test('the jobs of an item are stopped together', async () => {
      const item = newItem('text-2');
      const running = queue.addItem(item, SETTINGS);
      const waiting = queue.addRun(item.id, SETTINGS);
      const other = add('text-1');
      await steps(1);
      await queue.stopItem(item.id);
      expect([running, waiting].map((job) => stateOf(queue, job))).toEqual([
        'cancelled',
        'cancelled',
      ]);
      await steps(1);
      expect(stateOf(queue, other)).toBe('done');
    });

    test('a failed job says why, does not stop the others, and can be tried again', async () => {
      const broken = queue.addItem({ ...newItem('broken'), kind: 'text' }, SETTINGS);
      const failing = add('text-2');
      const good = add('text-1');
      await steps(1);
      engine.fail(new VeerError('MODEL_FILE_DAMAGED', 'The model is damaged. Import it again.'));
      await steps(1);
      expect(store.job(broken.id)).toMatchObject({
        state: 'failed',
        error: { code: 'TEXT_NOT_UTF8', message: 'broken is not UTF-8.' },
      });
      expect(store.job(failing.id)).toMatchObject({
        state: 'failed',
        error: { code: 'MODEL_FILE_DAMAGED', message: 'The model is damaged. Import it again.' },
      });
      expect(stateOf(queue, good)).toBe('done');
      expect(queue.retry(failing.id)).toMatchObject({ state: 'waiting', error: null });
      await steps(1);
      expect(store.job(failing.id)).toMatchObject({ state: 'done', error: null });
    });

    test('a failure without a name is reported, and told in a sentence', async () => {
      const faults: unknown[] = [];
      queue = queueOver(store, engine, { faults });
      const fault = new TypeError('undefined is not a function');
      engine.translate = () => {
        throw fault;
      };
      const job = add('text-1');
      await settled();
      expect(store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'INTERNAL', message: expect.not.stringContaining('undefined') },
      });
      expect(faults).toEqual([fault]);
    });
  });

  describe('going on', () => {
    test.each([
      ['text-3', [1, 2]],
      ['audio-3', [1, 2]],
    ])('%s: a killed program goes on at the unit where it was', async (path, rest) => {
      const job = add(path);
      await steps(1);
      restarted();
      await settled();
      expect(asked()).toEqual(rest);
      await steps(2);
      expect(stateOf(queue, job)).toBe('done');
      expect(texts(job)).toEqual([0, 1, 2].map((i) => [`${path}:${i}@0`]));
    });

    test('a program that ended in order leaves its job as a killed one does', async () => {
      const job = add('text-3');
      await steps(1);
      await queue.close();
      expect(stateOf(queue, job)).toBe('running');
      restarted();
      await settled();
      expect(asked()).toEqual([1, 2]);
    });

    test('a text whose every unit is stored is done without running', async () => {
      const job = add('text-2');
      await steps(1);
      const commit = store.commitSegment.bind(store);
      // Killed between the last unit and the end of the job.
      store.commitSegment = (...unit) => {
        commit(...unit);
        throw new Error('killed');
      };
      await steps(1);
      store.commitSegment = commit;
      queue.retry(job.id);
      await settled();
      expect(engine.requests).toHaveLength(1);
      expect(store.job(job.id)).toMatchObject({ state: 'done', done: 2, total: 2 });
    });

    test('more α are made only where they are missing', async () => {
      const job = add('audio-3');
      await steps(3);
      queue.addVariants(job.runId, variants([1], [1]));
      await steps(1);
      queue.addVariants(job.runId, variants([0, 1, 2]));
      await steps(2);
      const at = (indices: readonly number[]) => ({
        type: 'windows',
        windows: indices.map((index) => ({ index, start: index * 2, end: index * 2 + 2 })),
      });
      restarted();
      await steps(1);
      expect(engine.requests).toMatchObject([{ part: at([1]), options: { alphas: [2] } }]);
      expect(store.units(job.runId).map(({ alphas }) => [...alphas].sort())).toEqual([
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
      ]);
      expect(queue.list().map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    });

    test('other weights than those a run began with are refused', async () => {
      const job = add('text-2');
      await steps(1);
      restarted();
      engine.modelHash = 'b0';
      await settled();
      expect(store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'MODEL_CHANGED', message: expect.stringContaining('start a new run') },
      });
      expect(texts(job)).toHaveLength(1);
    });
  });

  describe('a crash of the engine', () => {
    test('does not repeat what is stored', async () => {
      const job = add('text-3');
      await steps(1);
      engine.crash();
      await steps(2);
      expect(engine.requests.map(({ indices }) => indices)).toEqual([
        [0, 1, 2],
        [1, 2],
      ]);
      expect(stateOf(queue, job)).toBe('done');
    });

    test('on another device leads to the CPU, for good, and the run says why', async () => {
      queue = queueOver(store, engine, { device: 'webgpu' });
      const job = add('text-3');
      await steps(1);
      engine.crash();
      await steps(1);
      const device = {
        requested: 'webgpu',
        used: 'cpu',
        fallbacks: [{ device: 'webgpu', reason: 'The engine process stopped unexpectedly.' }],
      };
      expect(store.runFacts(job.runId)?.device).toEqual(device);
      engine = new ScriptedEngine();
      queue = queueOver(store, engine, { device: 'webgpu' });
      queue.start();
      await steps(1);
      expect(engine.requests.map(({ options }) => options.device)).toEqual(['cpu']);
      expect(stateOf(queue, job)).toBe('done');
      expect(store.runFacts(job.runId)?.device).toEqual(device);
    });

    test('three times in a row without a new unit ends the job, and not the queue', async () => {
      const job = add('text-4');
      const other = add('text-1');
      for (const unit of [1, 2]) {
        for (let crash = 0; crash < 2; crash++) {
          await settled();
          engine.crash();
        }
        await steps(1);
        expect(store.units(job.runId)).toHaveLength(unit);
      }
      for (let crash = 0; crash < 3; crash++) {
        await settled();
        engine.crash();
      }
      await settled();
      expect(store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'ENGINE_CRASHED' },
      });
      await steps(1);
      expect(stateOf(queue, other)).toBe('done');
    });
  });

  describe('watching', () => {
    function follow(signal?: AbortSignal): JobEvent[] {
      const events: JobEvent[] = [];
      const read = async () => {
        for await (const event of queue.watch(signal)) events.push(event);
      };
      void read();
      return events;
    }

    test('begins with the list, and goes on with what changes', async () => {
      const before = add('text-1');
      const events = follow();
      await steps(1);
      queue.remove(before.id);
      await settled();
      const states = events.map((event) =>
        event.type === 'changed' ? [event.job.state, event.job.stage, event.job.done] : event.type,
      );
      expect(events[0]).toMatchObject({ type: 'snapshot', jobs: [{ id: before.id }] });
      expect(states).toEqual([
        'snapshot',
        ['running', 'loading', 0],
        ['running', 'loading', 0],
        ['running', 'decoding', 0],
        'partial',
        'segment',
        ['running', 'decoding', 1],
        ['done', null, 1],
        'removed',
      ]);
    });

    test('a unit is stored before it is told', async () => {
      const stored: number[] = [];
      const job = add('text-3');
      const read = async () => {
        for await (const event of queue.watch()) {
          if (event.type === 'segment') stored.push(store.units(job.runId).length);
        }
      };
      void read();
      await steps(3);
      expect(stored).toEqual([1, 2, 3]);
    });

    test('ends with its signal, and with the queue', async () => {
      const controller = new AbortController();
      const ends = [queue.watch(controller.signal), queue.watch()].map((events) =>
        Array.fromAsync(events),
      );
      await settled();
      controller.abort();
      expect(await ends[0]).toHaveLength(1);
      await queue.close();
      expect(await ends[1]).toHaveLength(1);
    });

    test('progress never goes backward, over crashes, preemption, restarts and retries', async () => {
      const first = add('text-1');
      await steps(1);
      const job = add('audio-8');
      const seen: number[] = [];
      const look = () => seen.push(store.job(job.id).done);
      const acts = [
        () => engine.crash(),
        () => queue.addVariants(first.runId, variants([seen.length])),
        restarted,
        () => {
          queue.cancel(job.id);
          queue.retry(job.id);
        },
      ];
      for (const act of acts) {
        await steps(1);
        look();
        act();
        await settled();
        look();
      }
      engine.letAllPass();
      await queue.idle();
      look();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(store.job(job.id)).toMatchObject({ state: 'done', done: 16, total: 16 });
    });
  });

  describe('encoder outputs', () => {
    async function withCache(bytes: number): Promise<void> {
      const directory = await mkdtemp(join(tmpdir(), 'veer-cache-'));
      onTestFinished(() => rm(directory, { recursive: true }));
      queue = queueOver(store, engine, {
        encoderCache: new EncoderCache(directory, () => bytes),
      });
    }

    const encodedAgain = async (act: () => void) => {
      const units: number[] = [];
      const read = async () => {
        for await (const event of queue.watch()) {
          if (event.type === 'encoded-again') units.push(event.units);
        }
      };
      void read();
      act();
      engine.letAllPass();
      await queue.idle();
      await settled();
      return units;
    };

    test('that were lost are told when more α need them', async () => {
      await withCache(1e6);
      const job = add('text-3');
      await steps(3);
      engine.forgotten = 2;
      expect(await encodedAgain(() => queue.addVariants(job.runId, variants([1])))).toEqual([2]);
    });

    test('are told of too where none are kept', async () => {
      await withCache(0);
      const job = add('text-3');
      await steps(3);
      expect(await encodedAgain(() => queue.addVariants(job.runId, variants([1])))).toEqual([3]);
    });

    test('are no news in the first run', async () => {
      await withCache(1e6);
      engine.forgotten = 3;
      expect(await encodedAgain(() => add('text-3'))).toEqual([]);
    });
  });
});
