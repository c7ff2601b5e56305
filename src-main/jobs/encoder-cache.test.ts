import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { EncoderCache } from './encoder-cache.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-cache-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

/** A file of 100 bytes, the older the smaller `age` is. */
async function put(folder: string | null, name: string, age: number): Promise<void> {
  if (folder === null) throw new Error('no folder');
  const path = join(folder, name);
  await writeFile(path, new Uint8Array(100));
  await utimes(path, age, age);
}

const files = async (folder: string) => (await readdir(join(directory, folder))).sort();

test('the oldest files of all items are deleted until the rest fits', async () => {
  const cache = new EncoderCache(directory, () => 250);
  await put(cache.folderOf('a'), 'old', 1000);
  await put(cache.folderOf('b'), 'older', 500);
  await put(cache.folderOf('a'), 'new', 3000);
  await put(cache.folderOf('b'), 'newer', 4000);
  await cache.prune();
  expect([await files('a'), await files('b')]).toEqual([['new'], ['newer']]);
});

test('what fits stays', async () => {
  const cache = new EncoderCache(directory, () => 200);
  await put(cache.folderOf('a'), 'one', 1);
  await put(cache.folderOf('a'), 'two', 2);
  await Promise.all([cache.prune(), cache.prune()]);
  expect(await files('a')).toEqual(['one', 'two']);
});

test('a budget that was set to 0 gives no folder, and empties those there are', async () => {
  let budget = 1000;
  const cache = new EncoderCache(directory, () => budget);
  await put(cache.folderOf('a'), 'one', 1);
  budget = 0;
  expect(cache.folderOf('a')).toBeNull();
  await cache.prune();
  expect(await files('a')).toEqual([]);
});

test('all outputs can be deleted at once, and the folder of a job at work stays', async () => {
  const cache = new EncoderCache(directory, () => 1000);
  await cache.clear();
  const folder = cache.folderOf('a');
  await put(folder, 'one', 1);
  await put(cache.folderOf('b'), 'two', 2);
  await cache.clear();
  expect([await files('a'), await files('b')]).toEqual([[], []]);
  await put(folder, 'three', 3);
  expect(await files('a')).toEqual(['three']);
});

test('the outputs of an item are removed with it', async () => {
  const cache = new EncoderCache(directory, () => 1000);
  await put(cache.folderOf('a'), 'one', 1);
  await put(cache.folderOf('b'), 'two', 2);
  await cache.remove('a');
  await cache.remove('never-there');
  expect(await readdir(directory)).toEqual(['b']);
});

test('a directory that cannot be written gives no folder instead of an error', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  expect(new EncoderCache(file, () => 1000).folderOf('a')).toBeNull();
});
