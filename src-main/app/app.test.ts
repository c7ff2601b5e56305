import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SAMPLES_DIRECTORY } from '../../e2e/dev-inputs.ts';
import { encoderDtype } from '../contract/dtype-pairs.ts';
import type { Job } from '../contract/jobs.ts';
import type { App } from './app.ts';
import { openTestApp, testSettings as settings } from './test-app.ts';

const DAY = 86_400_000;
const RECORDING = join(SAMPLES_DIRECTORY, 'recorded-digits.en.flac');
/** A word that no model writes by itself, so where it is found it was left behind. */
const SENTINEL = 'Quixotrivelum';

let data: string;
let now: number;
let app: App;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'veer-app-'));
  now = Date.now();
  app = await open();
});
afterEach(async () => {
  await app.close();
  rmSync(data, { recursive: true });
});

function open(): Promise<App> {
  return openTestApp(data, {
    now: () => now,
    reportFault: (fault) => {
      throw fault;
    },
  });
}

function addText(text: string, keep = true): Promise<Job> {
  const source = { type: 'text', name: 'note.txt', text } as const;
  return app.core.add({ source, settings: settings('translate'), keep });
}

/** Adds a recording as an upload or as a file of the person's own. */
async function addRecording(ownsFile: boolean): Promise<{ job: Job; path: string }> {
  const folder = ownsFile ? app.uploadsDirectory : await mkdtemp(join(data, 'own-'));
  const path = join(folder, 'digits.flac');
  await copyFile(RECORDING, path);
  const name = `${SENTINEL}.flac`;
  const grantId = app.grants.register({ path, name, size: 1, ownsFile });
  const source = { type: 'grant', grantId } as const;
  return {
    job: await app.core.add({ source, settings: settings('transcribe'), keep: true }),
    path,
  };
}

async function ended(job: Job): Promise<Job> {
  await app.core.queue.idle();
  const after = app.core.queue.list().find(({ id }) => id === job.id);
  if (after === undefined) throw new Error('the job is gone');
  return after;
}

function mediaOf(itemId: string) {
  return app.core.history.open(itemId).item.media;
}

/** Files of the data folder that hold the word, by name or byte for byte. */
function filesWith(word: string): string[] {
  const names = readdirSync(data, { recursive: true, withFileTypes: true });
  return names
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => {
      return path.includes(word) || (entry.isFile() && readFileSync(path).includes(word));
    })
    .map(({ path }) => path);
}

describe('importing', () => {
  test('an upload moves into the data folder and gets a playback copy and peaks', async () => {
    const { job, path } = await addRecording(true);
    expect(existsSync(path)).toBe(false);
    expect(await ended(job)).toMatchObject({ state: 'done' });
    await vi.waitFor(() => expect(mediaOf(job.itemId)).toBe('ready'), { timeout: 20_000 });
    const { duration } = app.core.history.open(job.itemId).item;
    expect(duration).toBeGreaterThan(1);
    expect(app.core.playbackUrl(job.itemId)).toBe(`test:${job.itemId}`);
    expect(readFileSync(app.playbackFile(job.itemId)).subarray(0, 4).toString()).toBe('OggS');
    const peaks = await app.core.peaks({
      itemId: job.itemId,
      from: 0,
      to: duration ?? 0,
      pieces: 50,
    });
    expect(peaks.low.length).toBeGreaterThanOrEqual(50);
    expect(Math.max(...peaks.high)).toBeGreaterThan(0.05);
  });

  test('a recording of the person stays where it is, also when the item is deleted', async () => {
    const { job, path } = await addRecording(false);
    await ended(job);
    await app.core.delete([job.itemId]);
    now += 31_000;
    await app.updateSettings({});
    expect(existsSync(path)).toBe(true);
    expect(() => app.core.history.open(job.itemId)).toThrow(/not in the history/);
  });

  test('a grant is used once', async () => {
    const { path } = await addRecording(false);
    const grantId = app.grants.register({ path, name: 'a.flac', size: 1, ownsFile: false });
    app.grants.take(grantId);
    const source = { type: 'grant', grantId } as const;
    const again = app.core.add({ source, settings: settings('transcribe'), keep: true });
    await expect(again).rejects.toMatchObject({ code: 'GRANT_UNKNOWN' });
  });

  test('a sample comes with the program, and is only read', async () => {
    const source = { type: 'sample', name: 'letter.en.txt' } as const;
    const job = await app.core.add({ source, settings: settings('translate'), keep: true });
    expect(await ended(job)).toMatchObject({ state: 'done', name: 'letter.en.txt' });
    const digits = { type: 'sample', name: 'recorded-digits.en.flac' } as const;
    const spoken = { source: digits, settings: settings('transcribe'), keep: true };
    expect(await ended(await app.core.add(spoken))).toMatchObject({ state: 'done' });
    await app.core.delete([job.itemId]);
    now += 31_000;
    await app.updateSettings({});
    expect(existsSync(join(SAMPLES_DIRECTORY, 'letter.en.txt'))).toBe(true);
    expect(existsSync(RECORDING)).toBe(true);
  });

  test('what cannot be planned leaves nothing behind', async () => {
    const source = { type: 'text', name: 'a', text: SENTINEL } as const;
    const wrong = { ...settings('translate'), model: 'gone' };
    await expect(app.core.add({ source, settings: wrong, keep: true })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
    expect(filesWith(SENTINEL)).toEqual([]);
  });

  test('a damaged recording fails with its name, and the next one is done', async () => {
    const path = join(app.uploadsDirectory, 'broken.mp3');
    writeFileSync(path, 'this is no music');
    const grantId = app.grants.register({ path, name: 'broken.mp3', size: 16, ownsFile: true });
    const source = { type: 'grant', grantId } as const;
    const broken = await app.core.add({ source, settings: settings('transcribe'), keep: true });
    const good = await addText('It is late.');
    expect(await ended(good)).toMatchObject({ state: 'done' });
    expect(await ended(broken)).toMatchObject({
      state: 'failed',
      error: { code: 'MEDIA_UNRECOGNISED', message: expect.stringMatching(/"broken\.mp3"/) },
    });
    await vi.waitFor(() => expect(mediaOf(broken.itemId)).toBe('failed'), { timeout: 20_000 });
  });

  test('without asking, only a proxy with a proven gain takes part', async () => {
    const { models } = await app.models();
    for (const model of models) {
      const source = { type: 'text', name: 'a', text: 'Hello.' } as const;
      if (model.task === 'transcribe') continue;
      const asked = { ...settings(model.task, null), model: model.id };
      const job = await app.core.add({ source, settings: asked, keep: true });
      const measured = model.proxies[0]?.measured[encoderDtype(job.settings.dtype ?? 'fp32')];
      const expected = measured?.proven ? [0, measured.suggestedAlpha] : [0];
      expect(job.settings.alphas).toEqual(expected);
    }
    await app.core.queue.idle();
  });
});

describe('deleting', () => {
  test('can be undone, and afterwards no byte of the item is in any file', async () => {
    const { job } = await addRecording(true);
    const text = await addText(`The name is ${SENTINEL} today.`);
    await ended(text);
    const correction = `${SENTINEL} korrigiert`;
    const mend = { type: 'correct', index: 0, alpha: 0, text: correction } as const;
    app.core.history.change(text.runId, [mend]);
    await vi.waitFor(() => expect(mediaOf(job.itemId)).toBe('ready'), { timeout: 20_000 });
    expect(filesWith(SENTINEL).length).toBeGreaterThan(1);

    const { until } = await app.core.delete([job.itemId, text.itemId]);
    expect(until).toBe(now + 30_000);
    app.core.restore([job.itemId, text.itemId]);
    expect(app.core.history.segments(text.runId, 0, 1)[0]?.text).toBe(correction);

    await app.core.delete([job.itemId, text.itemId]);
    now += 31_000;
    await app.updateSettings({});
    expect(filesWith(SENTINEL)).toEqual([]);
    expect(readdirSync(join(data, 'items'))).toEqual([]);
    expect(() => app.core.restore([text.itemId])).toThrow(/not in the history/);
  });

  test('comes by itself once the time to undo is over', async () => {
    await app.updateSettings({ undoSeconds: 0 });
    const job = await addText(`${SENTINEL}.`);
    await app.core.delete([job.itemId]);
    await vi.waitFor(() => expect(filesWith(SENTINEL)).toEqual([]), { timeout: 5000 });
  });

  test('ends a job that is at work on the item', async () => {
    const job = await addText(Array.from({ length: 500 }, (_, i) => `Line ${i}.`).join('\n'));
    await vi.waitFor(() => expect(app.core.queue.list()[0]?.segments).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    await app.core.delete([job.itemId]);
    expect(app.busy).toBe(false);
  });

  test('what is not to be kept goes when the program ends, or at its next start', async () => {
    const job = await addText(`${SENTINEL} one.`, false);
    await ended(job);
    await app.close();
    expect(filesWith(SENTINEL)).toEqual([]);
    app = await open();
    expect(
      app.core.history.list({ text: '', kind: null, state: null, cursor: null, limit: 9 }).total,
    ).toBe(0);
  });

  test('follows the days that are set', async () => {
    const old = await addText(`${SENTINEL} old.`);
    await ended(old);
    now += 8 * DAY;
    const young = await addText('Young.');
    await ended(young);
    await app.updateSettings({ retentionDays: 7, undoSeconds: 0 });
    await vi.waitFor(() => expect(filesWith(SENTINEL)).toEqual([]), { timeout: 5000 });
    expect(app.core.history.open(young.itemId).item.id).toBe(young.itemId);
  });
});

describe('the next start', () => {
  test('goes on with a job where it was', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `This is line ${i}.`).join('\n');
    const job = await addText(text);
    await vi.waitFor(() => expect(app.core.queue.list()[0]?.segments).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    await app.close();
    app = await open();
    const before = app.core.queue.list()[0];
    expect(before?.segments).toBeGreaterThan(0);
    expect(await ended(job)).toMatchObject({ state: 'done', segments: 300 });
  });

  test('of a second program on the same data is refused in a sentence', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
  });

  test('with a damaged database offers the ways out, and nothing of it is deleted', async () => {
    await app.close();
    const damaged = 'this is no database, but it may hold the work of years';
    writeFileSync(join(data, 'veer.db'), damaged.repeat(200));
    app = await open();
    expect(app.info().database).toMatchObject({ state: 'unusable', code: 'DATABASE_DAMAGED' });
    expect(() => app.core).toThrow(expect.objectContaining({ code: 'DATABASE_DAMAGED' }));
    expect(app.startEmpty().database).toEqual({ state: 'ready' });
    expect(await ended(await addText('It works again.'))).toMatchObject({ state: 'done' });
    const aside = readdirSync(data).filter((name) => name.includes('set-aside'));
    expect(aside.map((name) => readFileSync(join(data, name), 'utf8'))).toContainEqual(
      damaged.repeat(200),
    );
  });

  test('does not leave an engine behind when it closes', async () => {
    await ended(await addText('Hello.'));
    const pid = app.enginePid ?? 0;
    await app.close();
    await delay(50);
    expect(() => process.kill(pid, 0)).toThrow();
    app = await open();
  });
});
