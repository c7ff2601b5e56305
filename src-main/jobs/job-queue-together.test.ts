/** Jobs that ask for the same, in an engine that has room for two of them. */

import { beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../contract/jobs.ts';
import { SETTINGS, settled, TestProgram, variants } from './test-queue.ts';
import { STORES } from './test-stores.ts';

describe.each(STORES)('over the store %s', (_, openStore) => {
  let program: TestProgram;
  beforeEach(() => {
    program = new TestProgram(openStore());
    program.engine.room = 2;
  });

  const states = (jobs: readonly Job[]) => jobs.map((job) => program.stateOf(job));

  test('begin when those before them leave room', async () => {
    const jobs = ['text-1', 'text-3', 'text-2', 'text-1'].map((path) => program.add(path));
    await settled();
    expect(states(jobs)).toEqual(['running', 'running', 'waiting', 'waiting']);
    expect(program.engine.inLine).toBe(2);
    await program.steps(1);
    expect(states(jobs)).toEqual(['done', 'running', 'running', 'waiting']);
    await program.steps(6);
    expect(states(jobs)).toEqual(['done', 'done', 'done', 'done']);
    expect(jobs.map((job) => program.texts(job).length)).toEqual([1, 3, 2, 1]);
  });

  test('are at most sixteen in the engine', async () => {
    for (let i = 0; i < 20; i++) program.add('text-1');
    await settled();
    expect(program.engine.inLine).toBe(14);
    await program.steps(1);
    expect(program.engine.inLine).toBe(14);
    program.engine.letAllPass();
    await program.queue.idle();
    expect(program.queue.list().every(({ state }) => state === 'done')).toBe(true);
  });

  test('with other settings wait until all before them are done', async () => {
    const first = [program.add('text-2'), program.add('text-1')];
    const other = program.add('text-1', [0, 0.1]);
    const behind = program.add('text-1');
    await program.steps(2);
    expect(states([...first, other, behind])).toEqual(['running', 'done', 'waiting', 'waiting']);
    expect(program.engine.inLine).toBe(0);
    await program.steps(1);
    expect(states([...first, other, behind])).toEqual(['done', 'done', 'running', 'waiting']);
    await program.steps(1);
    expect(program.stateOf(behind)).toBe('running');
  });

  test('that the engine has not begun with can still be moved and changed', async () => {
    program.engine.room = 1;
    program.add('text-1');
    const [a, b, c] = [program.add('text-1'), program.add('text-1'), program.add('text-1')];
    await settled();
    expect(program.engine.inLine).toBe(3);
    program.queue.move(c.id, a.id);
    program.queue.update(b.id, { ...SETTINGS, alphas: [0, 0.2] });
    await program.steps(2);
    expect(states([a, b, c])).toEqual(['running', 'waiting', 'done']);
    await program.steps(2);
    expect(program.texts(b)).toEqual([['text-1:0@0', 'text-1:0@0.2']]);
  });

  test('are cancelled one by one', async () => {
    const jobs = [program.add('text-2'), program.add('text-2'), program.add('text-2')];
    await settled();
    program.queue.cancel(jobs[0]?.id ?? '');
    await settled();
    expect(states(jobs)).toEqual(['cancelled', 'running', 'running']);
    await program.steps(4);
    expect(states(jobs)).toEqual(['cancelled', 'done', 'done']);
  });

  test('all wait while more α go first', async () => {
    const done = program.add('text-1');
    await program.steps(1);
    const jobs = [program.add('text-2'), program.add('text-2'), program.add('text-1')];
    await settled();
    expect(states(jobs)).toEqual(['running', 'running', 'waiting']);
    const more = program.queue.addVariants(done.runId, variants([0.5]));
    await settled();
    expect(states([more, ...jobs])).toEqual(['running', 'waiting', 'waiting', 'waiting']);
    expect(program.engine.inLine).toBe(0);
    await program.steps(6);
    expect(states([more, ...jobs])).toEqual(['done', 'done', 'done', 'done']);
  });

  test('go on alone after a crash, and only the one that crashes again fails', async () => {
    const jobs = [program.add('text-2'), program.add('text-2'), program.add('text-2')];
    await settled();
    program.engine.crash();
    await settled();
    // Nobody joins: who was to blame is not known.
    expect(states(jobs)).toEqual(['running', 'running', 'waiting']);
    expect(program.engine.inLine).toBe(0);
    program.engine.crash();
    await settled();
    program.engine.crash();
    await settled();
    expect(states(jobs)).toEqual(['failed', 'running', 'waiting']);
    await program.steps(4);
    expect(states(jobs)).toEqual(['failed', 'done', 'done']);
    program.queue.retry(jobs[0]?.id ?? '');
    await program.steps(2);
    expect(program.stateOf(jobs[0] as Job)).toBe('done');
  });

  test('that had not begun when the engine crashed have no crash to their name', async () => {
    program.engine.room = 1;
    const [first, second] = [program.add('text-1'), program.add('text-1')];
    for (let crash = 0; crash < 3; crash++) {
      await settled();
      program.engine.crash();
    }
    await settled();
    expect(states([first, second])).toEqual(['failed', 'running']);
    for (let crash = 0; crash < 2; crash++) {
      program.engine.crash();
      await settled();
    }
    expect(program.stateOf(second)).toBe('running');
    await program.steps(1);
    expect(program.stateOf(second)).toBe('done');
  });

  test('a file that cannot be read fails alone', async () => {
    const jobs = [program.add('text-1'), program.add('broken'), program.add('text-1')];
    await program.steps(2);
    expect(states(jobs)).toEqual(['done', 'failed', 'done']);
  });

  test('that are deleted are waited for, with nobody else', async () => {
    const jobs = [program.add('text-2'), program.add('text-2')];
    await settled();
    await program.queue.stopItem(jobs[1]?.itemId ?? '');
    expect(states(jobs)).toEqual(['running', 'cancelled']);
    expect(program.engine.atWork).toBe(true);
  });

  test('all stay to be gone on with when the program ends', async () => {
    const jobs = [program.add('text-2'), program.add('text-2'), program.add('text-2')];
    await program.steps(2);
    await program.queue.close();
    program.restart();
    await program.steps(4);
    expect(states(jobs)).toEqual(['done', 'done', 'done']);
    expect(jobs.map((job) => program.texts(job).length)).toEqual([2, 2, 2]);
  });
});
