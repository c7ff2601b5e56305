import { beforeEach, describe, expect, test } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import { newItem, SETTINGS, settled, TestProgram, variants } from './test-queue.ts';
import { STORES } from './test-stores.ts';

describe.each(STORES)('over the store %s', (_, openStore) => {
  let program: TestProgram;
  beforeEach(() => {
    program = new TestProgram(openStore());
  });

  describe('order', () => {
    test('jobs run one at a time, as they were added', async () => {
      const jobs = [program.add('text-1'), program.add('audio-1'), program.add('text-1')];
      await settled();
      expect(program.queue.list().map(({ state }) => state)).toEqual([
        'running',
        'waiting',
        'waiting',
      ]);
      await program.steps(1);
      expect(jobs.map((job) => program.stateOf(job))).toEqual(['done', 'running', 'waiting']);
      expect(program.queue.busy).toBe(true);
      await program.steps(2);
      expect(jobs.map((job) => program.stateOf(job))).toEqual(['done', 'done', 'done']);
      expect(program.queue.busy).toBe(false);
    });

    test('a waiting job can be moved before another one, and to the end', async () => {
      program.add('text-1');
      const [a, b, c] = [program.add('text-1'), program.add('text-2'), program.add('text-3')];
      await settled();
      program.queue.move(c.id, a.id);
      program.queue.move(a.id, null);
      const order = program.queue.list().map(({ id }) => id);
      expect(order.slice(1)).toEqual([c.id, b.id, a.id]);
      expect(() => program.queue.move(order[0] ?? '', null)).toThrow(
        expect.objectContaining({ code: 'JOB_STATE' }),
      );
    });

    test('moving goes on when the numbers between two positions are used up', () => {
      const [, a, b, c] = [
        program.add('text-1'),
        program.add('text-1'),
        program.add('text-1'),
        program.add('text-1'),
      ];
      for (let i = 0; i < 80; i++) {
        program.queue.move(c.id, b.id);
        program.queue.move(b.id, c.id);
      }
      expect(program.queue.list().map(({ id }) => id)).toEqual([
        expect.any(String),
        a.id,
        b.id,
        c.id,
      ]);
    });

    test('more α go before whole files, and a running file waits and goes on where it was', async () => {
      const first = program.add('text-2');
      await program.steps(2);
      const whole = program.add('audio-4');
      const other = program.add('text-1');
      await program.steps(2);
      const more = program.queue.addVariants(first.runId, variants([0, 1]));
      expect(program.stateOf(whole)).toBe('waiting');
      await settled();
      expect(program.stateOf(more)).toBe('running');
      expect(program.engine.requests.at(-1)).toMatchObject({
        indices: [0, 1],
        options: { alphas: [1] },
      });
      await program.steps(2);
      expect([more, whole, other].map((job) => program.stateOf(job))).toEqual([
        'done',
        'running',
        'waiting',
      ]);
      expect(program.engine.requests.at(-1)?.part).toEqual({ type: 'rest', index: 2, start: 4 });
      await program.steps(2);
      expect(program.stateOf(whole)).toBe('done');
      expect(program.texts(whole)).toEqual([0, 1, 2, 3].map((i) => [`audio-4:${i}@0`]));
    });

    test('more α do not push away more α', async () => {
      const file = program.add('text-2');
      await program.steps(2);
      const a = program.queue.addVariants(file.runId, variants([1]));
      await settled();
      const b = program.queue.addVariants(file.runId, variants([2]));
      await settled();
      expect([a, b].map((job) => program.stateOf(job))).toEqual(['running', 'waiting']);
    });
  });

  describe('editing', () => {
    test('settings of a waiting job that has not begun can be changed', async () => {
      program.add('text-1');
      const job = program.add('text-1');
      await settled();
      program.queue.update(job.id, { ...SETTINGS, alphas: [0, 2] });
      await program.steps(2);
      expect(program.texts(job)).toEqual([['text-1:0@0', 'text-1:0@2']]);
    });

    test('a job that runs, has begun or has ended keeps its settings, and the error says why', async () => {
      const job = program.add('text-2');
      const refused = (text: string) => {
        expect(() => program.queue.update(job.id, SETTINGS)).toThrow(
          expect.objectContaining({ code: 'JOB_STATE', message: expect.stringContaining(text) }),
        );
      };
      await program.steps(1);
      refused('“text-2” is running. A job can be changed only while it waits.');
      const urgent = program.add('text-1');
      program.queue.cancel(job.id);
      await settled();
      refused('is cancelled');
      program.queue.retry(job.id);
      expect(program.stateOf(urgent)).toBe('running');
      refused('has begun');
      await program.steps(2);
      refused('is done');
    });

    test('only an ended job can be removed, and its item stays', async () => {
      const job = program.add('text-1');
      expect(() => program.queue.remove(job.id)).toThrow(
        expect.objectContaining({ code: 'JOB_STATE' }),
      );
      await program.steps(1);
      program.queue.remove(job.id);
      expect(program.queue.list()).toEqual([]);
      expect(program.texts(job)).toEqual([['text-1:0@0']]);
      expect(() => program.queue.remove(job.id)).toThrow(
        expect.objectContaining({ code: 'JOB_NOT_FOUND' }),
      );
    });

    test('more α are refused for a unit that is not there yet', async () => {
      const job = program.add('text-2');
      await program.steps(1);
      expect(() => program.queue.addVariants(job.runId, variants([1], [0, 1]))).toThrow(
        expect.objectContaining({
          code: 'SEGMENT_NOT_FOUND',
          message: 'Segment 2 has no output yet. Wait until it is done.',
        }),
      );
    });
  });

  describe('cancelling and trying again', () => {
    test('a cancelled job is cancelled at once, keeps its units and goes on with the rest', async () => {
      const job = program.add('text-3');
      await program.steps(1);
      expect(program.queue.cancel(job.id)).toMatchObject({
        state: 'cancelled',
        stage: null,
        done: 1,
      });
      await settled();
      expect(program.texts(job)).toHaveLength(1);
      expect(() => program.queue.cancel(job.id)).toThrow(
        expect.objectContaining({ code: 'JOB_STATE' }),
      );
      program.queue.retry(job.id);
      await settled();
      expect(program.asked).toEqual([1, 2]);
      await program.steps(2);
      expect(program.store.job(job.id)).toMatchObject({
        state: 'done',
        done: 3,
        total: 3,
        segments: 3,
      });
    });

    test('a job that waits is cancelled without having run', async () => {
      program.add('text-1');
      const job = program.add('text-1');
      program.queue.cancel(job.id);
      await program.steps(1);
      expect(program.stateOf(job)).toBe('cancelled');
      expect(program.engine.requests).toHaveLength(1);
    });

    test('trying again while the engine still lets go does not run a job twice at a time', async () => {
      const job = program.add('text-2');
      await program.steps(1);
      program.queue.cancel(job.id);
      program.queue.retry(job.id);
      await program.steps(1);
      expect(program.engine.requests.map(({ indices }) => indices)).toEqual([[0, 1], [1]]);
      expect(program.stateOf(job)).toBe('done');
    });

    test('the jobs of an item are stopped together', async () => {
      const item = newItem('text-2');
      const running = program.queue.addItem(item, SETTINGS);
      const waiting = program.queue.addRun(item.id, SETTINGS);
      const other = program.add('text-1');
      await program.steps(1);
      await program.queue.stopItem(item.id);
      expect([running, waiting].map((job) => program.stateOf(job))).toEqual([
        'cancelled',
        'cancelled',
      ]);
      await program.steps(1);
      expect(program.stateOf(other)).toBe('done');
    });

    test('a failed job says why, does not stop the others, and can be tried again', async () => {
      const broken = program.queue.addItem({ ...newItem('broken'), kind: 'text' }, SETTINGS);
      const failing = program.add('text-2');
      const good = program.add('text-1');
      await program.steps(1);
      program.engine.fail(
        new VeerError('MODEL_FILE_DAMAGED', 'The model is damaged. Import it again.'),
      );
      await program.steps(1);
      expect(program.store.job(broken.id)).toMatchObject({
        state: 'failed',
        error: { code: 'TEXT_NOT_UTF8', message: 'broken is not UTF-8.' },
      });
      expect(program.store.job(failing.id)).toMatchObject({
        state: 'failed',
        error: { code: 'MODEL_FILE_DAMAGED', message: 'The model is damaged. Import it again.' },
      });
      expect(program.stateOf(good)).toBe('done');
      expect(program.queue.retry(failing.id)).toMatchObject({ state: 'waiting', error: null });
      await program.steps(1);
      expect(program.store.job(failing.id)).toMatchObject({ state: 'done', error: null });
    });

    test('a failure without a name is reported, and told in a sentence', async () => {
      const faults: unknown[] = [];
      program.restart({ faults });
      const fault = new TypeError('undefined is not a function');
      program.engine.translate = () => {
        throw fault;
      };
      const job = program.add('text-1');
      await settled();
      expect(program.store.job(job.id)).toMatchObject({
        state: 'failed',
        error: { code: 'INTERNAL', message: expect.not.stringContaining('undefined') },
      });
      expect(faults).toEqual([fault]);
    });
  });
});
