import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { openTestApp, testApp, testSettings, translated } from './test-app.ts';

/** A word that nothing but a person's own things holds. */
const SENTINEL = 'Quixotrivelum';

test('diagnostics count and name what the program has, and nothing of a person', async () => {
  await using running = await testApp({ word: SENTINEL });
  const { app, data } = running;
  const { itemId, runId } = await translated(app, `${SENTINEL} is late.`, `${SENTINEL}.txt`);
  app.core.history.change(runId, [{ type: 'correct', index: 0, alpha: 0, text: SENTINEL }]);
  app.core.history.setReference(runId, 0, `${SENTINEL} said`);
  app.core.history.setReference(runId, null, `${SENTINEL} whole`);
  app.core.rename(itemId, `${SENTINEL} renamed`);
  const path = join(data, `${SENTINEL}.mp3`);
  await writeFile(path, 'this is no music');
  const grantId = app.grants.register({ path, name: `${SENTINEL}.mp3`, size: 16, ownsFile: false });
  const source = { type: 'grant', grantId } as const;
  const broken = { source, settings: testSettings('transcribe'), keep: true };
  const { id } = await app.core.add(broken);
  await app.core.queue.idle();
  // The sentence for the person names the item.
  expect(app.core.queue.list().find((job) => job.id === id)?.error?.message).toContain(SENTINEL);

  const { fileName, content } = await app.diagnostics();
  expect(fileName).toBe(
    `veer-diagnostics-${new Date().toISOString().slice(0, 10).replaceAll('-', '')}.json`,
  );
  expect(content).not.toContain(SENTINEL);
  expect(content).not.toContain(itemId);
  const read = JSON.parse(content);
  expect(read).toMatchObject({
    version: '0.0.0-test',
    shell: 'web',
    system: { platform: process.platform, arch: process.arch, electron: null },
    database: 'ready',
    counts: { items: 2, runs: 2, jobs: 2, units: 1, errors: { MEDIA_UNRECOGNISED: 1 } },
    settings: { undoSeconds: 30 },
    brokenModels: [],
  });
  expect(read.devices).toContainEqual(expect.objectContaining({ device: 'cpu', available: true }));
  expect(read.models).toContainEqual(
    expect.objectContaining({ id: 'starter-mt-en-de-s', dtypes: expect.arrayContaining(['int8']) }),
  );
});

test('they can be had while the database cannot be used', async () => {
  const data = await mkdtemp(join(tmpdir(), 'veer-app-'));
  onTestFinished(() => rm(data, { recursive: true }));
  await writeFile(join(data, 'veer.db'), 'no database'.repeat(100));
  const app = await openTestApp(data);
  onTestFinished(() => app.close());
  const { content } = await app.diagnostics();
  expect(JSON.parse(content)).toMatchObject({ database: 'DATABASE_DAMAGED', counts: null });
});

test('folders are left out of the sentences of others, the data folder within the home first', () => {
  const home = homedir();
  const data = join(home, SENTINEL, 'veer');
  const problem = `${join(data, 'models', 'mine')} is no model, nor is ${join(home, 'x')}.`;
  const { content } = diagnosticsOf({
    info: { version: '1', shell: 'web', dataDirectory: data, database: { state: 'ready' } },
    settings: DEFAULT_SETTINGS,
    models: { models: [], broken: [{ id: 'mine', problem }] },
    devices: 'ENGINE_CRASHED',
    counts: null,
    storage: [],
    modelDirectories: [],
    now: 0,
  });
  const { brokenModels, devices, made } = JSON.parse(content);
  const [mine, x] = [join('…', 'models', 'mine'), join('…', 'x')];
  expect(brokenModels).toEqual([{ id: 'mine', problem: `${mine} is no model, nor is ${x}.` }]);
  expect([devices, made]).toEqual(['ENGINE_CRASHED', '1970-01-01T00:00:00.000Z']);
});
