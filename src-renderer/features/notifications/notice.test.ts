import { expect, test } from 'vitest';
import type { Job } from '../../../src-main/contract/jobs.ts';
import { jobOf } from '../../state/test-data.ts';
import { noticeOf, titleOf } from './notice.ts';

const running = jobOf();
const settings = { ...running.settings, task: 'transcribe' } as const;

function ended(change: Partial<Job>, work: Partial<Job> = {}) {
  const before = { ...running, ...work };
  return noticeOf([before], [{ ...before, ...change }]);
}

test('a job that is done is told by its kind alone', () => {
  expect(ended({ state: 'done' })).toBe('translate');
  expect(ended({ state: 'done' }, { settings })).toBe('transcribe');
  expect(ended({ state: 'done' }, { state: 'waiting' })).toBe('translate');
});

test('a failure asks for attention, whatever else was done', () => {
  const other = jobOf();
  expect(ended({ state: 'failed' })).toBe('attention');
  const now: Job[] = [
    { ...running, state: 'failed' },
    { ...other, state: 'done' },
  ];
  expect(noticeOf([running, other], now)).toBe('attention');
});

test('several at once are one notice', () => {
  const other = jobOf();
  const now: Job[] = [running, other].map((job) => ({ ...job, state: 'done' }));
  expect(noticeOf([running, other], now)).toBe('several');
});

test('progress, cancelling, and what ended long ago are no news', () => {
  expect(ended({ done: 5 })).toBeNull();
  expect(ended({ state: 'cancelled' })).toBeNull();
  expect(noticeOf([], [jobOf({ state: 'done' })])).toBeNull();
  const old = jobOf({ state: 'failed' });
  expect(noticeOf([old], [old])).toBeNull();
  expect(noticeOf([running], [])).toBeNull();
});

test('more α for single units is no news, for a whole file it is', () => {
  const work = { kind: 'variants', alphas: [0.1] } as const;
  const of = (units: number[] | null) =>
    ended({ state: 'done' }, { work: { ...work, alphas: [...work.alphas], units } });
  expect(of([3])).toBeNull();
  expect(of(null)).toBe('translate');
});

test('the title counts what is left to do', () => {
  expect(titleOf(2, 'Settings – Veer')).toBe('(2) Settings – Veer');
  expect(titleOf(0, 'Veer')).toBe('Veer');
});
