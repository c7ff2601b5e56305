import { expect, test, vi } from 'vitest';
import { ItemState } from './item-state.svelte.ts';
import { TestApplication } from './test-application.ts';
import { detailOf, unitOf } from './test-data.ts';

async function opened(count: number) {
  const app = new TestApplication();
  const detail = detailOf({ segments: count });
  app.details.set(detail.item.id, detail);
  app.segments = Array.from({ length: count }, (_, index) => unitOf(index, { 0: `${index}` }));
  const item = new ItemState(app.client);
  await item.open(detail.item.id);
  return { app, detail, item, runId: item.run?.id ?? '' };
}

test('units are shown in pages', async () => {
  const { item } = await opened(700);
  expect([item.segments.length, item.hasMore]).toEqual([500, true]);
  await item.more();
  expect([item.segments.length, item.hasMore]).toEqual([700, false]);
});

test('a unit that was stored is added once and in its place', async () => {
  const { app, item, runId } = await opened(2);
  app.segments = [0, 1, 2, 3].map((index) => unitOf(index, { 0: `${index}` }));
  await Promise.all([item.segmentDone(runId, 3), item.segmentDone(runId, 2)]);
  await item.segmentDone(runId, 3);
  expect(item.segments.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
});

test('units of another run are not shown', async () => {
  const { app, item } = await opened(1);
  app.segments = [unitOf(0, { 0: 'a' }), unitOf(1, { 0: 'b' })];
  await item.segmentDone(crypto.randomUUID(), 1);
  expect(item.segments).toHaveLength(1);
});

test('an item that is gone is said with its code', async () => {
  const item = new ItemState(new TestApplication().client);
  await item.open(crypto.randomUUID());
  expect(item.problem?.code).toBe('ITEM_NOT_FOUND');
});

test('the answer for an item that was closed meanwhile is dropped', async () => {
  const { detail, item } = await opened(1);
  const opening = item.open(detail.item.id);
  item.close();
  await opening;
  await vi.waitFor(() => expect(item.detail).toBeNull());
  expect(item.segments).toEqual([]);
});
