/** What watchers of the queue hear of items that change without a job. */

import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { SAMPLES_DIRECTORY } from '../../e2e/dev-inputs.ts';
import type { JobEvent } from '../contract/jobs.ts';
import type { App } from './app.ts';
import { testApp, testSettings, translated } from './test-app.ts';

/** Everything that a watcher hears from now on. */
async function follow(app: App): Promise<JobEvent[]> {
  const heard: JobEvent[] = [];
  const read = async () => {
    for await (const event of app.core.queue.watch()) heard.push(event);
  };
  void read();
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  heard.length = 0;
  return heard;
}

test('a name, the wish to keep it and a deletion are told, the list comes anew where it changes', async () => {
  await using running = await testApp();
  const { app } = running;
  const { itemId } = await translated(app, 'It is late.');
  const item = { type: 'item', itemId };
  const heard = await follow(app);
  const hears = async (act: () => unknown, events: readonly unknown[]) => {
    await act();
    await vi.waitFor(() => expect(heard.splice(0)).toMatchObject(events));
  };
  await hears(() => app.core.setKeep(itemId, false), [item]);
  await hears(() => app.core.setKeep(itemId, true), [item]);
  const renamed = { type: 'snapshot', jobs: [{ itemId, name: 'Late' }] };
  await hears(() => app.core.rename(itemId, 'Late'), [item, renamed]);
  const gone = { type: 'snapshot', jobs: [] };
  await hears(() => app.core.delete([itemId]), [item, gone]);
  await hears(() => app.core.restore([itemId]), [item, renamed]);
  await hears(() => app.core.delete([itemId]), [item, gone]);
  await hears(() => app.updateSettings({ undoSeconds: 0 }), [item, gone]);
  expect(() => app.core.history.item(itemId)).toThrow(/not in the history/);
  expect(() => app.core.rename(itemId, 'Gone')).toThrow(/not in the history/);
  expect(heard).toEqual([]);
});

test('what retention deletes is told', async () => {
  let now = Date.now();
  await using running = await testApp({ now: () => now });
  const { app } = running;
  const { itemId } = await translated(app, 'It is late.');
  const heard = await follow(app);
  now += 2 * 86_400_000;
  await app.updateSettings({ retentionDays: 1, undoSeconds: 600 });
  const gone = { type: 'snapshot', jobs: [] };
  await vi.waitFor(() => expect(heard).toMatchObject([{ type: 'item', itemId }, gone]));
});

test('a playback copy is told when it is ready, and when it could not be made', async () => {
  await using running = await testApp();
  const { app } = running;
  const heard = await follow(app);
  const add = async (name: string) => {
    const path = join(app.uploadsDirectory, name);
    await copyFile(join(SAMPLES_DIRECTORY, name), path);
    const grantId = app.grants.register({ path, name, size: 1, ownsFile: true });
    const source = { type: 'grant', grantId } as const;
    return app.core.add({ source, settings: testSettings('transcribe'), keep: true });
  };
  for (const [name, media] of [
    ['recorded-digits.en.flac', 'ready'],
    ['letter.en.txt', 'failed'],
  ] as const) {
    const { itemId } = await add(name);
    const told = () => expect(heard).toContainEqual({ type: 'item', itemId });
    await vi.waitFor(told, { timeout: 20_000 });
    expect(app.core.history.item(itemId).media).toBe(media);
  }
});
