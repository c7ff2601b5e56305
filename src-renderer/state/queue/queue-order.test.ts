import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobState } from '../../../src-main/contract/jobs.ts';
import { jobOf } from '../test-data.ts';
import { canEdit, isForPeople, placeOf, shownJobs } from './queue-order.ts';

const listOf = (states: readonly JobState[]) =>
  states.map((state, index) => jobOf({ id: `job-${index}`, state, position: index }));

test('a job is moved among the waiting ones only', () => {
  const jobs = listOf(['done', 'running', 'waiting', 'failed', 'waiting', 'waiting']);
  expect(placeOf(jobs, 'job-4', 'up')).toEqual({ before: 'job-2' });
  expect(placeOf(jobs, 'job-5', 'first')).toEqual({ before: 'job-2' });
  expect(placeOf(jobs, 'job-2', 'down')).toEqual({ before: 'job-5' });
  expect(placeOf(jobs, 'job-4', 'down')).toEqual({ before: null });
});

test('there is no way beyond the ends, nor for a job that does not wait', () => {
  const jobs = listOf(['running', 'waiting', 'waiting']);
  expect(placeOf(jobs, 'job-1', 'up')).toBeNull();
  expect(placeOf(jobs, 'job-1', 'first')).toBeNull();
  expect(placeOf(jobs, 'job-2', 'down')).toBeNull();
  expect(placeOf(jobs, 'job-0', 'down')).toBeNull();
});

test('down takes back what up did', () => {
  const moved = (ids: readonly string[], id: string, before: string | null) => {
    const others = ids.filter((each) => each !== id);
    const at = before === null ? others.length : others.indexOf(before);
    return others.toSpliced(at, 0, id);
  };
  const jobsIn = (ids: readonly string[]) =>
    ids.map((id, position) => jobOf({ id, state: 'waiting', position }));
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.nat(), (count, at) => {
      const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
      const id = `job-${1 + (at % (count - 1))}`;
      const up = placeOf(jobsIn(ids), id, 'up');
      const after = moved(ids, id, up?.before ?? null);
      expect(after.indexOf(id)).toBe(ids.indexOf(id) - 1);
      const down = placeOf(jobsIn(after), id, 'down');
      expect(moved(after, id, down?.before ?? null)).toEqual(ids);
    }),
  );
});

test('what the strength slider asks for on single units is no job of a person', () => {
  expect(isForPeople(jobOf())).toBe(true);
  expect(isForPeople(jobOf({ work: { kind: 'variants', alphas: [0.1], units: [3] } }))).toBe(false);
  expect(isForPeople(jobOf({ work: { kind: 'variants', alphas: [0.1], units: null } }))).toBe(true);
});

test('settings hold from the first unit on', () => {
  expect(canEdit(jobOf({ state: 'waiting' }))).toBe(true);
  expect(canEdit(jobOf({ state: 'waiting', segments: 1 }))).toBe(false);
  expect(canEdit(jobOf({ state: 'running' }))).toBe(false);
});

test('what is being done stands first, then what waits in its order, then what ended last', () => {
  const jobs = [
    jobOf({ id: 'old', state: 'done', finishedAt: 1 }),
    jobOf({ id: 'new', state: 'cancelled', finishedAt: 3 }),
    jobOf({ id: 'wrong', state: 'failed', finishedAt: 2 }),
    jobOf({ id: 'next', state: 'waiting' }),
    jobOf({ id: 'now', state: 'running' }),
    jobOf({ id: 'later', state: 'waiting' }),
    jobOf({ id: 'slider', work: { kind: 'variants', alphas: [0.1], units: [3] } }),
  ];
  const ids = shownJobs(jobs).map(({ id }) => id);
  expect(ids).toEqual(['now', 'next', 'later', 'wrong', 'new', 'old']);
});

test('of thousands that have ended only the newest are listed', () => {
  const done = Array.from({ length: 3000 }, (_, at) => jobOf({ state: 'done', finishedAt: at }));
  const shown = shownJobs([jobOf({ state: 'failed' }), ...done, jobOf({ state: 'waiting' })]);
  expect(shown).toHaveLength(52);
  expect(shown.slice(0, 3).map(({ state }) => state)).toEqual(['waiting', 'failed', 'done']);
  expect(shown[2]?.finishedAt).toBe(2999);
});
