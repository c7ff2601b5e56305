import { expect, test, vi } from 'vitest';
import { HistoryState } from './history-state.svelte.ts';
import { TestApplication } from './test-application.ts';
import { itemOf } from './test-data.ts';

test('pages are added until everything is there', async () => {
  const app = new TestApplication();
  app.items = Array.from({ length: 70 }, (_, index) => itemOf({ name: `letter ${index}` }));
  const history = new HistoryState(app.client);
  await history.load();
  expect([history.items.length, history.total, history.hasMore]).toEqual([50, 70, true]);
  await history.more();
  expect([history.items.length, history.hasMore]).toEqual([70, false]);
});

test('the answer to an older search never replaces that to a newer one', async () => {
  const app = new TestApplication();
  app.items = [itemOf({ name: 'apple' }), itemOf({ name: 'pear' })];
  const history = new HistoryState(app.client);
  await Promise.all([history.search('apple'), history.search('pear')]);
  expect(history.items.map(({ name }) => name)).toEqual(['pear']);
});

test('a deletion can be undone', async () => {
  const app = new TestApplication();
  const item = itemOf();
  app.items = [item];
  const history = new HistoryState(app.client);
  await history.load();
  expect(await history.delete(item)).toBe(true);
  expect(history.items).toEqual([]);
  expect(history.deletion?.name).toBe('letter.txt');
  await history.undo();
  expect(history.items.map(({ id }) => id)).toEqual([item.id]);
  expect(history.deletion).toBeNull();
});

test('undo is no longer offered when its time is over', async () => {
  vi.useFakeTimers();
  try {
    const app = new TestApplication();
    app.undoSeconds = 5;
    const item = itemOf();
    app.items = [item];
    const history = new HistoryState(app.client);
    await history.delete(item);
    expect(history.deletion).not.toBeNull();
    vi.advanceTimersByTime(5001);
    expect(history.deletion).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});
