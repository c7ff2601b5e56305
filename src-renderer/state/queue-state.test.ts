import { expect, test, vi } from 'vitest';
import type { Job } from '../../src-main/contract/jobs.ts';
import { QueueState } from './queue-state.svelte.ts';
import { TestApplication } from './test-application.ts';
import { jobOf } from './test-data.ts';

function watched(jobs: Job[]) {
  const app = new TestApplication();
  app.jobs = jobs;
  const listener = { jobsChanged: vi.fn(), segmentDone: vi.fn() };
  const queue = new QueueState(app.client, listener);
  void queue.watch();
  return { app, listener, queue };
}

test('the snapshot is shown in the order of the queue', async () => {
  const second = jobOf({ position: 2, state: 'waiting' });
  const first = jobOf({ position: 1 });
  const { queue } = watched([second, first]);
  await vi.waitFor(() => expect(queue.jobs).toEqual([first, second]));
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
