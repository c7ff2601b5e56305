import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeletionsState } from './deletions-state.svelte.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const deletion = (name: string, seconds: number) => ({
  itemIds: [crypto.randomUUID()],
  name,
  until: Date.now() + seconds * 1000,
  rows: [],
  order: [],
});

test('undo is offered as long as there is time, second by second', () => {
  const deletions = new DeletionsState();
  deletions.add(deletion('letter', 3));
  expect(deletions.secondsLeft).toBe(3);
  vi.advanceTimersByTime(1000);
  expect(deletions.secondsLeft).toBe(2);
  vi.advanceTimersByTime(2000);
  expect(deletions.newest).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

test('what somebody points at stays until they look away', () => {
  const deletions = new DeletionsState();
  deletions.add(deletion('letter', 2));
  deletions.hold(true);
  vi.advanceTimersByTime(5000);
  expect([deletions.newest?.name, deletions.secondsLeft]).toEqual(['letter', 0]);
  deletions.hold(false);
  expect(deletions.newest).toBeNull();
});

test('the one before comes back into view while it has time', () => {
  const deletions = new DeletionsState();
  deletions.add(deletion('long', 60));
  const short = deletion('short', 5);
  deletions.add(short);
  deletions.remove(short);
  expect(deletions.newest?.name).toBe('long');
});
