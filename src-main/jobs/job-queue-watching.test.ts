import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { JobEvent } from '../contract/jobs.ts';
import { EncoderCache } from './encoder-cache.ts';
import { settled, TestProgram, variants } from './test-queue.ts';
import { STORES } from './test-stores.ts';

describe.each(STORES)('over the store %s', (_, openStore) => {
  let program: TestProgram;
  beforeEach(() => {
    program = new TestProgram(openStore());
  });

  describe('watching', () => {
    function follow(signal?: AbortSignal): JobEvent[] {
      const events: JobEvent[] = [];
      const read = async () => {
        for await (const event of program.queue.watch(signal)) events.push(event);
      };
      void read();
      return events;
    }

    test('begins with the list, and goes on with what changes', async () => {
      const before = program.add('text-1');
      const events = follow();
      await program.steps(1);
      program.queue.remove(before.id);
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
      const job = program.add('text-3');
      const read = async () => {
        for await (const event of program.queue.watch()) {
          if (event.type === 'segment') stored.push(program.store.units(job.runId).length);
        }
      };
      void read();
      await program.steps(3);
      expect(stored).toEqual([1, 2, 3]);
    });

    test('ends with its signal, and with the queue', async () => {
      const controller = new AbortController();
      const ends = [program.queue.watch(controller.signal), program.queue.watch()].map((events) =>
        Array.fromAsync(events),
      );
      await settled();
      controller.abort();
      expect(await ends[0]).toHaveLength(1);
      await program.queue.close();
      expect(await ends[1]).toHaveLength(1);
    });

    test('progress never goes backward, over crashes, preemption, restarts and retries', async () => {
      const first = program.add('text-1');
      await program.steps(1);
      const job = program.add('audio-8');
      const seen: number[] = [];
      const look = () => seen.push(program.store.job(job.id).done);
      const acts = [
        () => program.engine.crash(),
        () => program.queue.addVariants(first.runId, variants([seen.length])),
        () => program.restart(),
        () => {
          program.queue.cancel(job.id);
          program.queue.retry(job.id);
        },
      ];
      for (const act of acts) {
        await program.steps(1);
        look();
        act();
        await settled();
        look();
      }
      program.engine.letAllPass();
      await program.queue.idle();
      look();
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(program.store.job(job.id)).toMatchObject({ state: 'done', done: 16, total: 16 });
    });
  });

  describe('encoder outputs', () => {
    async function withCache(bytes: number): Promise<void> {
      const directory = await mkdtemp(join(tmpdir(), 'veer-cache-'));
      onTestFinished(() => rm(directory, { recursive: true }));
      program.restart({ encoderCache: new EncoderCache(directory, () => bytes) });
    }

    const encodedAgain = async (act: () => void) => {
      const units: number[] = [];
      const read = async () => {
        for await (const event of program.queue.watch()) {
          if (event.type === 'encoded-again') units.push(event.units);
        }
      };
      void read();
      act();
      program.engine.letAllPass();
      await program.queue.idle();
      await settled();
      return units;
    };

    test('that were lost are told when more α need them', async () => {
      await withCache(1e6);
      const job = program.add('text-3');
      await program.steps(3);
      program.engine.forgotten = 2;
      expect(await encodedAgain(() => program.queue.addVariants(job.runId, variants([1])))).toEqual(
        [2],
      );
    });

    test('are told of too where none are kept', async () => {
      await withCache(0);
      const job = program.add('text-3');
      await program.steps(3);
      expect(await encodedAgain(() => program.queue.addVariants(job.runId, variants([1])))).toEqual(
        [3],
      );
    });

    test('are no news in the first run', async () => {
      await withCache(1e6);
      program.engine.forgotten = 3;
      expect(await encodedAgain(() => program.add('text-3'))).toEqual([]);
    });
  });
});
