import { expect, test, vi } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { unitOf } from '../test-data.ts';
import { VariantRequests, type Wanted } from './variant-requests.svelte.ts';

const RUN = crypto.randomUUID();
const STOPS = [0, 0.025, 0.05, 0.1, 0.2];
const UNITS = [0, 1, 2, 3].map((index) => unitOf(index, { 0: 'plain', 0.05: 'other' }));

function wanted(alpha: number, change: Partial<Wanted> = {}): Wanted {
  return { runId: RUN, alpha, current: UNITS[1] ?? null, stops: STOPS, units: UNITS, ...change };
}

function started() {
  const app = new TestApplication();
  const requests = new VariantRequests(app.client, () => app.jobs);
  const works = () =>
    app.again.map((asked) =>
      asked.type === 'variants' ? { alphas: asked.work.alphas, units: asked.work.units } : null,
    );
  const end = (place: number, state: 'done' | 'failed') => {
    const job = app.jobs[place];
    if (job === undefined) throw new Error('No such job.');
    const error = state === 'failed' ? { code: 'MODEL_CHANGED' as const, message: 'Other.' } : null;
    requests.jobsChanged([app.changeJob({ ...job, state, error })]);
  };
  return { app, requests, works, end };
}

test('the current unit gets every missing stop in one job, then the others get the new one', async () => {
  const { requests, works } = started();
  await requests.follow(wanted(0.1));
  expect(works()).toEqual([
    { alphas: [0.025, 0.1, 0.2], units: [1] },
    { alphas: [0.1], units: [0, 2, 3] },
  ]);
  expect([0, 1].map((index) => requests.isComputing(RUN, index, 0.1))).toEqual([true, true]);
  expect(requests.isComputing(RUN, 0, 0.2)).toBe(false);
});

test('a newer strength cancels the jobs of the older one, and keeps the one with all stops', async () => {
  const { app, requests, works } = started();
  await requests.follow(wanted(0.1));
  const [stops, others] = app.jobs;
  await requests.follow(wanted(0.2));
  await vi.waitFor(() => expect(app.jobs.some(({ id }) => id === others?.id)).toBe(false));
  expect(app.jobs.find(({ id }) => id === stops?.id)?.state).toBe('waiting');
  expect(works().slice(2)).toEqual([{ alphas: [0.2], units: [0, 2, 3] }]);
  expect(requests.isComputing(RUN, 0, 0.1)).toBe(false);
});

test('back to a strength that the units have keeps the stops on their way, and asks for nothing', async () => {
  const { app, requests, works } = started();
  await requests.follow(wanted(0.1));
  await requests.follow(wanted(0.05));
  await vi.waitFor(() => expect(app.jobs).toHaveLength(1));
  expect(works()).toHaveLength(2);
});

test('off cancels everything and asks for nothing', async () => {
  const { app, requests, works } = started();
  await requests.follow(wanted(0.1));
  await requests.follow(wanted(0));
  await vi.waitFor(() => expect(app.jobs).toEqual([]));
  expect(works()).toHaveLength(2);
});

test('of strengths that follow each other at once only the last one stays', async () => {
  const { app, requests } = started();
  await Promise.all([0.025, 0.1, 0.2].map((alpha) => requests.follow(wanted(alpha))));
  await vi.waitFor(() =>
    expect(app.jobs.map(({ work }) => (work.kind === 'variants' ? work.alphas : []))).toEqual([
      [0.025, 0.1, 0.2],
      [0.2],
    ]),
  );
});

test('a job that is not needed any more before it has an id is cancelled once it has one', async () => {
  const { app, requests } = started();
  const first = requests.follow(wanted(0.3, { stops: [0.3], units: [] }));
  requests.dropAll();
  await first;
  expect(app.again).toHaveLength(1);
  await vi.waitFor(() => expect(app.jobs).toEqual([]));
  expect(requests.problem).toBeNull();
});

test('what is on its way is not asked for again', async () => {
  const { requests, works } = started();
  await requests.follow(wanted(0.1));
  await requests.follow(wanted(0.1, { current: null }));
  expect(works()).toHaveLength(2);
});

test('jobs that end are taken off the queue, and a failure is said', async () => {
  const { app, requests, end } = started();
  await requests.follow(wanted(0.1));
  expect(requests.hasServed(RUN)).toBe(false);
  end(1, 'failed');
  await vi.waitFor(() => expect(app.jobs).toHaveLength(1));
  expect([requests.problem?.code, requests.isComputing(RUN, 0, 0.1)]).toEqual([
    'MODEL_CHANGED',
    false,
  ]);
  end(0, 'done');
  await vi.waitFor(() => expect(app.jobs).toEqual([]));
  expect(requests.hasServed(RUN)).toBe(true);
});

test('what failed is not asked for again until the strength is moved again', async () => {
  const { requests, works, end } = started();
  await requests.follow(wanted(0.1));
  end(1, 'failed');
  await requests.follow(wanted(0.1, { current: null }));
  expect([works().length, requests.problem?.code]).toEqual([2, 'MODEL_CHANGED']);
  await requests.follow(wanted(0.1));
  expect(works()[2]).toEqual({ alphas: [0.1], units: [0, 2, 3] });
  expect(requests.problem).toBeNull();
});

test('a job that ended before its answer came is not waited for', async () => {
  const { app, requests } = started();
  const follow = requests.follow(wanted(0.3, { stops: [0.3], units: [] }));
  await vi.waitFor(() => expect(app.jobs).toHaveLength(1));
  const [job] = app.jobs;
  if (job !== undefined) requests.jobsChanged([app.changeJob({ ...job, state: 'done' })]);
  await follow;
  expect(requests.isComputing(RUN, 1, 0.3)).toBe(false);
});

test('the whole file is one job for people: it stays in the queue, and a newer strength cancels it', async () => {
  const { app, requests, end } = started();
  await requests.computeWholeFile(RUN, 0.1);
  expect(requests.isComputing(RUN, 2399, 0.1)).toBe(true);
  expect(requests.wholeFile(RUN, 0.1)?.jobId).toBe(app.jobs[0]?.id);
  end(0, 'done');
  expect(requests.wholeFile(RUN, 0.1)).toBeNull();
  expect(app.jobs.map(({ state }) => state)).toEqual(['done']);

  await requests.computeWholeFile(RUN, 0.1);
  await requests.follow(wanted(0.05));
  await vi.waitFor(() => expect(app.jobs.map(({ state }) => state)).toEqual(['done', 'waiting']));
  // What waits is the batch of stops that the strength of the slider brought.
  expect(app.jobs[1]?.work).toMatchObject({ units: [1] });
});
