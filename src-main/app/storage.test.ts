import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { setAside } from '../history/ways-out.ts';
import { DataFolder } from './data-folder.ts';
import { storageOf } from './storage.ts';
import { testApp, translated } from './test-app.ts';

test('every part has the bytes of its files, in the order of the contract', async () => {
  const path = await mkdtemp(join(tmpdir(), 'veer-storage-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const folder = new DataFolder(path);
  const sizes = async () => (await storageOf(folder)).map(({ part, bytes }) => [part, bytes]);
  expect(await sizes()).toEqual([
    ['database', 0],
    ['backups', 0],
    ['items', 0],
    ['encoder-cache', 0],
    ['proxy-training', 0],
    ['models', 0],
  ]);
  const files = {
    'veer.db': 1,
    'veer.db-wal': 2,
    'backups/veer-20261121T113706123Z-v20.db': 4,
    'items/a/source.txt': 8,
    'items/b/playback.opus': 16,
    'cache/encoder/a/one.encoder': 32,
    'cache/proxy-training/model/outputs.bin': 128,
    'models/mine/onnx/encoder_model.onnx': 64,
    'settings.json': 1000,
    'uploads/half.part': 1000,
  };
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), new Uint8Array(bytes));
  }
  expect((await sizes()).map(([, bytes]) => bytes)).toEqual([3, 4, 24, 32, 128, 64]);
  // A database that was set aside stays, as a backup does.
  await rm(join(path, 'veer.db-wal'));
  setAside(folder.database);
  expect((await sizes()).map(([, bytes]) => bytes)).toEqual([0, 5, 24, 32, 128, 64]);
});

test('the cache of encoder outputs can be emptied, and more α are computed all the same', async () => {
  await using running = await testApp();
  const { app } = running;
  const { runId } = await translated(app, 'It is late. We go home.');
  const cached = async () => (await app.storage()).find(({ part }) => part === 'encoder-cache');
  expect((await cached())?.bytes).toBeGreaterThan(0);
  expect(await app.clearEncoderCache()).toEqual(await app.storage());
  expect((await cached())?.bytes).toBe(0);
  app.core.queue.addVariants(runId, { kind: 'variants', alphas: [0.1], units: null });
  await app.core.queue.idle();
  expect(app.core.history.run(runId)).toMatchObject({ state: 'done', alphas: [0, 0.1] });
});

test('what was stored to train proxies can be deleted, and nothing else with it', async () => {
  await using running = await testApp();
  const { app, data } = running;
  await translated(app, 'It is late.');
  const outputs = join(data, 'cache', 'proxy-training', 'model', 'outputs.bin');
  await mkdir(dirname(outputs), { recursive: true });
  await writeFile(outputs, new Uint8Array(128));
  const before = await app.storage();
  expect(before).toContainEqual({ part: 'proxy-training', bytes: 128 });
  const after = await app.clearTrainingCache();
  expect(after).toContainEqual({ part: 'proxy-training', bytes: 0 });
  const cached = before.find(({ part }) => part === 'encoder-cache');
  expect(cached?.bytes).toBeGreaterThan(0);
  expect(after).toContainEqual(cached);
});

test('it can be emptied while a job is at work on it', async () => {
  await using running = await testApp();
  const { app } = running;
  const lines = Array.from({ length: 200 }, (_, i) => `This is line ${i}.`).join('\n');
  const added = translated(app, lines);
  let emptied = 0;
  while (app.core.queue.list()[0]?.state !== 'done') {
    await app.clearEncoderCache();
    emptied += 1;
  }
  const { runId } = await added;
  expect(emptied).toBeGreaterThan(1);
  expect(app.core.history.run(runId)).toMatchObject({ state: 'done', segments: 200, error: null });
});
