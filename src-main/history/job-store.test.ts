import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addItem, testHistory } from './test-history.ts';
import { FACTS, makeSegment, SETTINGS, TIMINGS } from './test-history-data.ts';

const PROGRESS = { done: 1, total: 10 };

test('a new item waits at the end of the queue', async () => {
  const history = await testHistory();
  const first = addItem(history, { name: 'a.wav' });
  const second = addItem(history, { name: 'b.wav' });
  expect(history.jobs.jobs()).toEqual([first, second]);
  expect(second).toMatchObject({
    name: 'b.wav',
    state: 'waiting',
    stage: null,
    work: { kind: 'whole' },
    settings: SETTINGS,
    createdAt: 1000,
    startedAt: null,
  });
  expect(second.position).toBeGreaterThan(first.position);
});

test('an item whose job cannot be stored is not stored either', async () => {
  const history = await testHistory();
  const { id } = addItem(history);
  const itemId = randomUUID();
  const runId = randomUUID();
  expect(() =>
    history.jobs.addItem(
      { id: itemId, kind: 'audio', name: 'x', sourcePath: '/x', ownsSource: false, keep: true },
      { id: runId, itemId, settings: SETTINGS },
      { id, runId, work: { kind: 'whole' } },
    ),
  ).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  expect(() => history.open(itemId)).toThrow(expect.objectContaining({ code: 'ITEM_NOT_FOUND' }));
});

test('states set their moments, and an error stays while a job waits again', async () => {
  const clock = { now: 1000 };
  const history = await testHistory(undefined, clock);
  const { id } = addItem(history);
  const error = { code: 'DISK_FULL', message: 'Make room.' } as const;
  clock.now = 2000;
  expect(history.jobs.setState(id, { state: 'running' })).toMatchObject({
    startedAt: 2000,
    finishedAt: null,
  });
  clock.now = 3000;
  expect(history.jobs.setState(id, { state: 'failed', error })).toMatchObject({
    startedAt: 2000,
    finishedAt: 3000,
    error,
  });
  expect(history.jobs.setState(id, { state: 'waiting' })).toMatchObject({
    startedAt: null,
    finishedAt: null,
    error,
  });
  expect(history.jobs.setState(id, { state: 'running' }).error).toBeNull();
});

test('jobs that ran when the program ended wait again, first and in their order', async () => {
  const history = await testHistory();
  const [a, b, c] = [addItem(history), addItem(history), addItem(history)];
  history.jobs.setState(b.id, { state: 'running' });
  history.jobs.setState(c.id, { state: 'running' });
  history.jobs.recover();
  const jobs = history.jobs.jobs();
  expect(jobs.map(({ id }) => id)).toEqual([b.id, c.id, a.id]);
  expect(jobs.every(({ state, startedAt }) => state === 'waiting' && startedAt === null)).toBe(
    true,
  );
});

test('open jobs of a deleted item stay in the list until they are cancelled, at the latest by recovery', async () => {
  const history = await testHistory();
  const job = addItem(history);
  history.markDeleted([job.itemId]);
  expect(history.jobs.jobs()).toHaveLength(1);
  history.jobs.recover();
  expect(history.jobs.jobs()).toEqual([]);
  expect(history.jobs.job(job.id).state).toBe('cancelled');
});

test('a job taken from the list leaves the state of its item', async () => {
  const history = await testHistory();
  const { id, itemId } = addItem(history, { texts: ['kept'] });
  history.jobs.finishJob(id, 6, TIMINGS);
  history.jobs.removeJob(id);
  expect(history.jobs.jobs()).toEqual([]);
  expect(() => history.jobs.job(id)).toThrow(expect.objectContaining({ code: 'JOB_NOT_FOUND' }));
  expect(history.open(itemId).item).toMatchObject({ state: 'done', excerpt: 'kept' });
});

test('a job for more versions says nothing of the state of the text', async () => {
  const history = await testHistory();
  const { id, itemId, runId } = addItem(history, { texts: ['kept'] });
  history.jobs.finishJob(id, 6, TIMINGS);
  const work = { kind: 'variants' as const, alphas: [0.1], units: [0] };
  const more = { id: crypto.randomUUID(), runId, work };
  history.jobs.addJob(more);
  history.jobs.setState(more.id, {
    state: 'failed',
    error: { code: 'ENGINE_CRASHED', message: 'It crashed.' },
  });
  const { item, runs } = history.open(itemId);
  expect([item.state, runs[0]?.state, runs[0]?.error]).toEqual(['done', 'done', null]);
});

test('a segment comes back as the engine gave it', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  const segment = makeSegment(3, { 0.5: 'second', 0: 'plain', 0.25: 'first' });
  const turned = { ...segment, variants: segment.variants.toReversed() };
  expect(history.jobs.commitSegment(id, turned, PROGRESS)).toBe(true);
  expect(history.jobs.segment(runId, 3)).toEqual(turned);
  expect(history.jobs.segment(runId, 4)).toBeNull();
  expect(history.jobs.job(id)).toMatchObject({ ...PROGRESS, segments: 1 });
});

test('committing a segment twice changes nothing', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  const segment = makeSegment(0, { 0: 'first' });
  history.jobs.commitSegment(id, segment, PROGRESS);
  expect(history.jobs.commitSegment(id, segment, PROGRESS)).toBe(false);
  const other = { ...makeSegment(0, { 0: 'other' }), start: 99 };
  expect(history.jobs.commitSegment(id, other, PROGRESS)).toBe(false);
  expect(history.jobs.segment(runId, 0)).toEqual(segment);
  expect(history.jobs.job(id).segments).toBe(1);
});

test('another α of a unit is added beside the variants that are there', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  history.jobs.commitSegment(id, makeSegment(0, { 0: 'plain' }), PROGRESS);
  history.jobs.commitSegment(id, makeSegment(1, { 0: 'next' }), PROGRESS);
  const more = makeSegment(0, { 0: 'changed', 0.05: 'nudged' });
  expect(history.jobs.commitSegment(id, more, PROGRESS)).toBe(true);
  expect(history.jobs.units(runId)).toEqual([
    { index: 0, start: 0, end: 6, alphas: [0, 0.05] },
    { index: 1, start: 6, end: 12, alphas: [0] },
  ]);
  expect(history.segments(runId, 0, 1)[0]?.variants.map(({ text }) => text)).toEqual([
    'plain',
    'nudged',
  ]);
});

test('a prediction that comes with a later α is the one of the unit and of its plain version', async () => {
  const history = await testHistory();
  const { id, runId } = addItem(history);
  const plain = makeSegment(0, { 0: 'plain' });
  const unpredicted = { predictedScore: null, gradientNorm: null };
  const variants = plain.variants.map((variant) => ({ ...variant, predictedScore: null }));
  history.jobs.commitSegment(id, { ...plain, ...unpredicted, variants }, PROGRESS);
  expect(history.segments(runId, 0, 1)[0]).toMatchObject({
    ...unpredicted,
    variants: [{ predictedScore: null }],
  });
  history.jobs.commitSegment(id, makeSegment(0, { 0.05: 'nudged' }), PROGRESS);
  const predicted = {
    predictedScore: 0.25,
    gradientNorm: 1.5e-7,
    variants: [{ predictedScore: 0.25 }, { predictedScore: 0.125 }],
  };
  expect(history.segments(runId, 0, 1)[0]).toMatchObject(predicted);
  expect(history.jobs.segment(runId, 0)).toMatchObject(predicted);
  // The first one stays, as everything that is stored.
  const other = { ...makeSegment(0, { 0.1: 'again' }), predictedScore: 0.5 };
  history.jobs.commitSegment(id, other, PROGRESS);
  expect(history.jobs.segment(runId, 0)?.predictedScore).toBe(0.25);
});

test('crashes in a row are counted until a segment is committed', async () => {
  const history = await testHistory();
  const { id } = addItem(history);
  expect([history.jobs.countCrash(id), history.jobs.countCrash(id)]).toEqual([1, 2]);
  history.jobs.commitSegment(id, makeSegment(0, { 0: 'x' }), PROGRESS);
  expect(history.jobs.countCrash(id)).toBe(1);
});

test('facts and timings of a run are kept; timings of its jobs are added up', async () => {
  const history = await testHistory();
  const { id, itemId, runId } = addItem(history);
  expect(history.jobs.runFacts(runId)).toEqual(FACTS);
  history.jobs.finishJob(id, 12.5, TIMINGS);
  const again = history.jobs.addJob({
    id: randomUUID(),
    runId,
    work: { kind: 'variants', alphas: [0.1], units: [0, 2] },
  });
  history.jobs.finishJob(again.id, null, TIMINGS);
  const { item, runs } = history.open(itemId);
  expect(item.duration).toBe(12.5);
  expect(runs[0]).toMatchObject({
    ...FACTS,
    timings: { read: 2, features: 4, encode: 6, proxy: 8, decode: 10, total: 30, load: 12 },
  });
});

test('what is not there is named', async () => {
  const { jobs } = await testHistory();
  const id = randomUUID();
  const codes = (acts: readonly (() => unknown)[]) =>
    acts.map((act) => {
      try {
        return act();
      } catch (error) {
        return (error as { code: unknown }).code;
      }
    });
  expect(
    codes([
      () => jobs.job(id),
      () => jobs.setState(id, { state: 'running' }),
      () => jobs.removeJob(id),
      () => jobs.commitSegment(id, makeSegment(0, { 0: '' }), PROGRESS),
      () => jobs.countCrash(id),
    ]),
  ).toEqual(Array(5).fill('JOB_NOT_FOUND'));
  expect(
    codes([
      () => jobs.addJob({ id, runId: id, work: { kind: 'whole' } }),
      () => jobs.source(id),
      () => jobs.setSettings(id, SETTINGS),
      () => jobs.runFacts(id),
      () => jobs.setRunFacts(id, FACTS),
    ]),
  ).toEqual(Array(5).fill('RUN_NOT_FOUND'));
  expect(
    codes([
      () =>
        jobs.addRun(
          { id, itemId: id, settings: SETTINGS },
          { id, runId: id, work: { kind: 'whole' } },
        ),
    ]),
  ).toEqual(['ITEM_NOT_FOUND']);
});
