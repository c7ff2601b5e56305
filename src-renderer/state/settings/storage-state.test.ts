import { expect, test } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { StorageState } from './storage-state.svelte.ts';

test('what takes how much is told, and all of it together', async () => {
  const storage = new StorageState(new TestApplication().client);
  expect(storage.bytesOf('database')).toBeNull();
  await storage.load();
  expect(storage.bytesOf('database')).toBe(1000);
  expect(storage.total).toBe(8000);
});

test('clearing gives the new sizes and says so until the next look', async () => {
  const app = new TestApplication();
  const storage = new StorageState(app.client);
  await storage.load();
  const clearing = storage.clear('encoder-cache');
  expect(storage.clearing).toBe('encoder-cache');
  await clearing;
  expect(storage).toMatchObject({ clearing: null, cleared: 'encoder-cache', total: 3000 });
  await storage.clear('proxy-training');
  expect(storage).toMatchObject({ clearing: null, cleared: 'proxy-training', total: 1000 });
  await storage.load();
  expect(storage.cleared).toBeNull();
});

test('what cannot be cleared is not said to be', async () => {
  const app = new TestApplication();
  const storage = new StorageState(app.client);
  app.program.full = true;
  await storage.clear('proxy-training');
  expect(storage).toMatchObject({
    clearing: null,
    cleared: null,
    problem: { code: 'DISK_FULL' },
  });
});
