import { beforeEach, describe, expect, test } from 'vitest';
import { settled, TestProgram, variants } from './test-queue.ts';
import { STORES } from './test-stores.ts';

describe.each(STORES)('over the store %s', (_, openStore) => {
  let program: TestProgram;
  beforeEach(() => {
    program = new TestProgram(openStore());
  });

  describe('going on', () => {
    test.each([
      ['text-3', [1, 2]],
      ['audio-3', [1, 2]],
    ])('%s: a killed program goes on at the unit where it was', async (path, rest) => {
      const job = program.add(path);
      await program.steps(1);
      program.restart();
      await settled();
      expect(program.asked).toEqual(rest);
      await program.steps(2);
      expect(program.stateOf(job)).toBe('done');
      expect(program.texts(job)).toEqual([0, 1, 2].map((i) => [`${path}:${i}@0`]));
    });

    test('the language that was detected holds for what is left', async () => {
      program.engine.heard = 'fr';
      const job = program.add('audio-3');
      await program.steps(1);
      expect(program.store.runFacts(job.runId)).toMatchObject({
        language: 'fr',
        sourceLanguage: 'fr',
      });
      program.restart();
      program.engine.heard = 'de';
      await program.steps(2);
      program.queue.addVariants(job.runId, variants([1]));
      await program.steps(3);
      expect(program.engine.requests.map(({ options }) => options.detectedLanguage)).toEqual([
        'fr',
        'fr',
      ]);
      expect(program.store.runFacts(job.runId)?.language).toBe('fr');
    });

    test('a program that ended in order leaves its job as a killed one does', async () => {
      const job = program.add('text-3');
      await program.steps(1);
      await program.queue.close();
      expect(program.stateOf(job)).toBe('running');
      program.restart();
      await settled();
      expect(program.asked).toEqual([1, 2]);
    });

    test('a text whose every unit is stored is done without running', async () => {
      const job = program.add('text-2');
      await program.steps(1);
      const commit = program.store.commitSegment.bind(program.store);
      // Killed between the last unit and the end of the job.
      program.store.commitSegment = (...unit) => {
        commit(...unit);
        throw new Error('killed');
      };
      await program.steps(1);
      program.store.commitSegment = commit;
      program.queue.retry(job.id);
      await settled();
      expect(program.engine.requests).toHaveLength(1);
      expect(program.store.job(job.id)).toMatchObject({ state: 'done', done: 2, total: 2 });
    });

    test('more α are made only where they are missing', async () => {
      const job = program.add('audio-3');
      await program.steps(3);
      program.queue.addVariants(job.runId, variants([1], [1]));
      await program.steps(1);
      program.queue.addVariants(job.runId, variants([0, 1, 2]));
      await program.steps(2);
      const at = (indices: readonly number[]) => ({
        type: 'windows',
        windows: indices.map((index) => ({ index, start: index * 2, end: index * 2 + 2 })),
      });
      program.restart();
      await program.steps(1);
      expect(program.engine.requests).toMatchObject([{ part: at([1]), options: { alphas: [2] } }]);
      expect(program.store.units(job.runId).map(({ alphas }) => [...alphas].sort())).toEqual([
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
      ]);
      expect(program.queue.list().map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    });

    test('other weights than those a run began with are refused', async () => {
      const job = program.add('text-2');
      await program.steps(1);
      program.restart();
      program.engine.modelHash = 'b0';
      await settled();
      expect(program.store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'MODEL_CHANGED', message: expect.stringContaining('start a new run') },
      });
      expect(program.texts(job)).toHaveLength(1);
    });
  });

  describe('a crash of the engine', () => {
    test('does not repeat what is stored', async () => {
      const job = program.add('text-3');
      await program.steps(1);
      program.engine.crash();
      await program.steps(2);
      expect(program.engine.requests.map(({ indices }) => indices)).toEqual([
        [0, 1, 2],
        [1, 2],
      ]);
      expect(program.stateOf(job)).toBe('done');
    });

    test('on another device leads to the CPU, for good, and the run says why', async () => {
      program.restart({ device: 'webgpu' });
      const job = program.add('text-3');
      await program.steps(1);
      program.engine.crash();
      await program.steps(1);
      const device = {
        requested: 'webgpu',
        used: 'cpu',
        fallbacks: [{ device: 'webgpu', reason: 'The engine process stopped unexpectedly.' }],
      };
      expect(program.store.runFacts(job.runId)?.device).toEqual(device);
      program.restart({ device: 'webgpu' });
      await program.steps(1);
      expect(program.engine.requests.map(({ options }) => options.device)).toEqual(['cpu']);
      expect(program.stateOf(job)).toBe('done');
      expect(program.store.runFacts(job.runId)?.device).toEqual(device);
    });

    test('three times in a row without a new unit ends the job, and not the queue', async () => {
      const job = program.add('text-4');
      const other = program.add('text-1');
      for (const unit of [1, 2]) {
        for (let crash = 0; crash < 2; crash++) {
          await settled();
          program.engine.crash();
        }
        await program.steps(1);
        expect(program.store.units(job.runId)).toHaveLength(unit);
      }
      for (let crash = 0; crash < 3; crash++) {
        await settled();
        program.engine.crash();
      }
      await settled();
      expect(program.store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'ENGINE_CRASHED' },
      });
      await program.steps(1);
      expect(program.stateOf(other)).toBe('done');
    });
  });
});
