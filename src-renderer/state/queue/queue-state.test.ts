import { expect, test, vi } from 'vitest';
import type { Job } from '../../../src-main/contract/jobs.ts';
import { TestApplication } from '../test-application.ts';
import { jobOf } from '../test-data.ts';
import { QueueState } from './queue-state.svelte.ts';

/** @param clock milliseconds, told by the test */
function watched(jobs: Job[], clock = { now: 0 }) {
  const app = new TestApplication();
  app.jobs = jobs;
  const listener = { jobsChanged: vi.fn(), segmentDone: vi.fn(), itemChanged: vi.fn() };
  const queue = new QueueState(app.client, listener, () => clock.now);
  void queue.watch();
  return { app, listener, queue };
}

test('the snapshot is shown in the order of the queue', async () => {
  const second = jobOf({ position: 2, state: 'waiting' });
  const first = jobOf({ position: 1 });
  const { queue } = watched([second, first]);
  expect(queue.loaded).toBe(false);
  await vi.waitFor(() => expect(queue.jobs).toEqual([first, second]));
  expect(queue.loaded).toBe(true);
  expect(queue.open).toBe(2);
});

test('partial text is there until its unit is stored', async () => {
  const job = jobOf();
  const { app, queue, listener } = watched([job]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(1));
  const unit = { jobId: job.id, runId: job.runId, index: 3 };
  app.emit({ type: 'partial', ...unit, texts: ['Guten', 'Gute'] });
  await vi.waitFor(() => expect(queue.partials[job.id]?.texts).toEqual(['Guten', 'Gute']));
  app.emit({ type: 'segment', ...unit });
  await vi.waitFor(() => expect(queue.partials).toEqual({}));
  expect(listener.segmentDone).toHaveBeenCalledWith(job.runId, 3);
});

test('listeners hear of a changed state, not of mere progress', async () => {
  const job = jobOf();
  const { app, queue, listener } = watched([job]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(1));
  listener.jobsChanged.mockClear();
  app.emit({ type: 'changed', job: { ...job, done: 4 } });
  await vi.waitFor(() => expect(queue.jobs[0]?.done).toBe(4));
  expect(listener.jobsChanged).not.toHaveBeenCalled();
  const done: Job = { ...job, state: 'done', stage: null };
  app.emit({ type: 'changed', job: done });
  await vi.waitFor(() => expect(listener.jobsChanged).toHaveBeenCalledWith([done]));
});

test('a job that was removed is no longer shown', async () => {
  const job = jobOf({ state: 'done' });
  const { app, queue } = watched([job]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(1));
  app.emit({ type: 'removed', jobId: job.id });
  await vi.waitFor(() => expect(queue.jobs).toEqual([]));
});

test('what the queue refuses is said with its code', async () => {
  const job = jobOf({ state: 'done' });
  const { queue } = watched([job]);
  await queue.cancel(job.id);
  expect(queue.problem).toEqual({ code: 'JOB_STATE', message: 'This job has ended.' });
});

const slider: Job['work'] = { kind: 'variants', alphas: [0.1], units: [3] };

test('jobs of the strength slider are known but not shown', async () => {
  const shown = jobOf({ position: 2 });
  const { queue } = watched([jobOf({ work: slider }), shown]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(2));
  expect(queue.shown).toEqual([shown]);
  expect(queue.open).toBe(1);
});

test('time left is told once enough is done, and not after the job has ended', async () => {
  const job = jobOf({ total: 100 });
  const clock = { now: 0 };
  const { app, queue } = watched([job], clock);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(1));
  const tell = async (change: Partial<Job>) => {
    app.emit({ type: 'changed', job: { ...job, ...change } });
    await vi.waitFor(() => expect(queue.jobs[0]).toMatchObject(change));
  };
  clock.now = 4000;
  await tell({ done: 4 });
  expect(queue.timeLeft(job.id)).toBeNull();
  clock.now = 10_000;
  await tell({ done: 10 });
  expect(queue.timeLeft(job.id)).toBeCloseTo(90_000);
  // Something urgent goes first; an hour later it goes on.
  await tell({ done: 10, state: 'waiting', stage: null });
  clock.now = 3_600_000;
  await tell({ done: 10, state: 'running', stage: 'loading' });
  await tell({ done: 10, stage: 'decoding' });
  clock.now += 10_000;
  await tell({ done: 20 });
  expect(queue.timeLeft(job.id)).toBeCloseTo(80_000);
  await tell({ done: 20, state: 'cancelled', stage: null });
  expect(queue.timeLeft(job.id)).toBeNull();
});

test('a waiting job is moved before the one above it, and one at the top stays', async () => {
  const [first, second] = [1, 2].map((position) => jobOf({ position, state: 'waiting' }));
  if (first === undefined || second === undefined) throw new Error('two jobs');
  const { app, queue } = watched([first, second]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(2));
  await queue.move(second.id, 'up');
  await queue.move(first.id, 'up');
  expect(app.moved).toEqual([{ jobId: second.id, before: first.id }]);
});

test('what is finished is removed at once; what failed stays to be looked at', async () => {
  const failed = jobOf({ state: 'failed', position: 3 });
  const { queue } = watched([
    jobOf({ state: 'done' }),
    jobOf({ state: 'cancelled', position: 2 }),
    failed,
    jobOf({ state: 'done', work: slider, position: 4 }),
  ]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(4));
  await queue.removeFinished();
  await vi.waitFor(() => expect(queue.shown).toEqual([failed]));
  // Whoever asked for it removes it.
  expect(queue.jobs).toHaveLength(2);
});

test('other settings are sent for the job, and a refusal is told', async () => {
  const job = jobOf({ state: 'waiting' });
  const { app, queue } = watched([job]);
  const settings = { ...job.settings, language: 'en' };
  expect(await queue.update(job.id, settings)).toBe(true);
  expect(app.updated).toEqual([{ jobId: job.id, settings }]);
  app.jobs = [];
  expect(await queue.update(job.id, settings)).toBe(false);
  expect(queue.problem?.code).toBe('JOB_NOT_FOUND');
});

test('units that had to be encoded again are kept by run, the newest only', async () => {
  const job = jobOf();
  const { app, queue } = watched([job]);
  await vi.waitFor(() => expect(queue.jobs).toHaveLength(1));
  const { id: jobId, runId } = job;
  app.emit({ type: 'encoded-again', jobId, runId, units: 3 });
  app.emit({ type: 'encoded-again', jobId, runId, units: 12 });
  await vi.waitFor(() => expect(queue.encodedAgain).toEqual({ [runId]: { jobId, units: 12 } }));
});
