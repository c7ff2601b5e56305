/** Every procedure of the contract over every transport, with real models and a real database. */

import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isContractProcedure } from '@orpc/contract';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appContract } from '../contract/app-contract.ts';
import { fromTransportError, isTransportError } from '../contract/error-transport.ts';
import type { UnitChange } from '../contract/history.ts';
import type { Job, RunSettings } from '../contract/jobs.ts';
import { grantedModel } from './test-model-grants.ts';
import { type AppClient, type Connection, TRANSPORTS } from './test-transports.ts';

const TRANSLATE: RunSettings = {
  task: 'translate',
  model: 'starter-mt-en-de-s',
  proxy: null,
  dtype: 'int8',
  alphas: [0],
  choice: 'plain',
  language: 'de',
  sourceLanguage: null,
  search: null,
  speech: null,
};
const NOWHERE = '00000000-0000-4000-8000-000000000000';
const TEXT = 'The weather is nice today. I like to read books.\n\nWhere is the station?\n';

describe.each(Object.entries(TRANSPORTS))('over %s', (_, connect) => {
  const called = new Set<string>();
  let data: string;
  let connection: Connection;
  let client: AppClient;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'veer-transport-'));
    connection = await connect(data);
    client = recording(connection.client, called);
  });
  afterEach(async () => {
    await connection.close();
    await rm(data, { recursive: true });
  });
  afterAll(() => expect([...called].sort()).toEqual(procedures(appContract)));

  /** Adds a text and waits until its job has ended. */
  async function translated(text = TEXT, settings = TRANSLATE): Promise<Job> {
    const source = { type: 'text', name: 'letter.txt', text } as const;
    const job = await client.jobs.add({ source, settings, keep: true });
    return ended(job.id);
  }

  async function ended(jobId: string): Promise<Job> {
    for await (const event of await client.jobs.watch()) {
      const jobs =
        event.type === 'snapshot' ? event.jobs : event.type === 'changed' ? [event.job] : [];
      const job = jobs.find(({ id }) => id === jobId);
      if (job && ['done', 'failed', 'cancelled'].includes(job.state)) return job;
    }
    throw new Error('the stream ended before the job');
  }

  test('a text becomes a translation that can be chosen, corrected and exported', async () => {
    const job = await translated();
    expect(job).toMatchObject({ state: 'done', error: null, done: 3, total: 3, segments: 3 });
    const { runId, itemId } = job;
    const more = { kind: 'variants', alphas: [0.05, 0.1], units: [0, 2] } as const;
    const variants = await client.jobs.again({
      type: 'variants',
      runId,
      work: { ...more, alphas: [...more.alphas], units: [...more.units] },
    });
    expect(await ended(variants.id)).toMatchObject({ state: 'done' });

    const detail = await client.history.open({ itemId });
    expect(detail.runs[0]).toMatchObject({ id: runId, alphas: [0, 0.05, 0.1], language: 'de' });
    const [first, second] = await client.history.segments({ runId, from: 0, limit: 10 });
    expect(first?.variants.map(({ alpha }) => alpha)).toEqual([0, 0.05, 0.1]);
    expect(second?.variants.map(({ alpha }) => alpha)).toEqual([0]);
    expect(first?.variants[0]?.text).not.toBe('');

    const text = 'Heute ist <b>schönes</b> Wetter.';
    const changes: UnitChange[] = [
      { type: 'choose', index: 0, alpha: 0.05 },
      { type: 'correct', index: 0, alpha: 0.05, text },
    ];
    const corrected = await client.history.change({ runId, changes });
    const chosen = { chosenAlpha: 0.05, reviewed: true, correction: { alpha: 0.05, text }, text };
    expect(corrected).toMatchObject([{ index: 0, ...chosen }]);
    expect(corrected[0]?.variants).toEqual(first?.variants);
    expect(await client.history.scores({ runId })).toBeNull();
    await client.history.setReference({ runId, index: 0, text });
    const [referred] = await client.history.segments({ runId, from: 0, limit: 1 });
    expect(referred?.reference).toBe(text);
    const scores = await client.history.scores({ runId });
    expect(scores).toMatchObject({ metric: 'chrf', over: 'units', units: 1, standing: 100 });
    expect(scores?.versions.map(({ alpha }) => alpha)).toEqual([0, 0.05, 0.1]);

    const exported = await client.history.export({ runId, format: 'txt', alpha: null });
    expect(exported.fileName).toBe('letter.de.txt');
    const markdown = await client.history.export({ runId, format: 'md', alpha: 0 });
    expect(markdown.fileName).toBe('letter.de.md');
    expect(markdown.content.startsWith('# letter.txt\n\n')).toBe(true);
    expect(exported.content.startsWith(text)).toBe(true);
    expect(exported.content.endsWith('\n')).toBe(true);
    const found = await client.history.list({ text: 'schönes wet' });
    expect(found.items.map(({ id }) => id)).toEqual([itemId]);
    expect(found.items[0]?.found).toContain('\uE000schönes\uE001');

    await client.history.rename({ itemId, name: 'Brief' });
    await client.history.setKeep({ itemId, keep: false });
    expect((await client.history.open({ itemId })).item).toMatchObject({
      name: 'Brief',
      keep: false,
    });
    await client.history.delete({ itemIds: [itemId] });
    expect((await client.history.list({})).total).toBe(0);
    await client.history.restore({ itemIds: [itemId] });
    expect((await client.history.list({})).total).toBe(1);
  });

  test('jobs that wait can be changed, moved, cancelled, tried again and taken off the list', async () => {
    const add = (name: string, text: string) =>
      client.jobs.add({ source: { type: 'text', name, text }, settings: TRANSLATE, keep: true });
    const running = await add('long.txt', numbered(400));
    const one = await add('one.txt', 'One.');
    const two = await add('two.txt', 'Two.');
    const settings = { ...TRANSLATE, alphas: [0, 0.1] };
    expect((await client.jobs.update({ jobId: one.id, settings })).settings.alphas).toEqual([
      0, 0.1,
    ]);
    await client.jobs.move({ jobId: two.id, before: one.id });
    const order = (await client.jobs.list()).map(({ id }) => id);
    expect(order.indexOf(two.id)).toBeLessThan(order.indexOf(one.id));
    expect(await client.jobs.cancel({ jobId: running.id })).toMatchObject({ state: 'cancelled' });
    expect(await ended(one.id)).toMatchObject({ state: 'done' });
    await client.jobs.retry({ jobId: running.id });
    expect(await ended(running.id)).toMatchObject({ state: 'done', segments: 400 });
    await client.jobs.remove({ jobId: two.id });
    expect((await client.jobs.list()).map(({ id }) => id)).not.toContain(two.id);
    const again = await client.jobs.again({
      type: 'run',
      itemId: one.itemId,
      settings: { ...TRANSLATE, model: 'starter-mt-en-de-m' },
    });
    expect(await ended(again.id)).toMatchObject({ state: 'done', itemId: one.itemId });
    expect((await client.history.open({ itemId: one.itemId })).runs).toHaveLength(2);
  });

  test('what the program is, has and is set to can be asked', async () => {
    expect(await client.app.info()).toMatchObject({ database: { state: 'ready' } });
    // With a database that can be used there is nothing to mend, and nothing happens.
    expect(await client.app.startEmpty()).toEqual(await client.app.info());
    expect(await client.app.restoreBackup({ name: 'none' })).toEqual(await client.app.info());
    const storage = await client.app.storage();
    expect(storage.find(({ part }) => part === 'database')?.bytes).toBeGreaterThan(0);
    expect(await client.app.clearEncoderCache()).toContainEqual({
      part: 'encoder-cache',
      bytes: 0,
    });
    expect(await client.app.clearTrainingCache()).toContainEqual({
      part: 'proxy-training',
      bytes: 0,
    });
    const diagnostics = await client.app.diagnostics();
    expect(diagnostics.fileName).toMatch(/^veer-diagnostics-\d{8}\.json$/);
    expect(JSON.parse(diagnostics.content)).toMatchObject({ version: '0.0.0-test' });
    const { models } = await client.models.list();
    expect(models.map(({ id }) => id)).toContain('starter-asr-en-s');
    expect(JSON.stringify(models)).not.toContain(data);
    expect(await client.devices.list()).toContainEqual(
      expect.objectContaining({ device: 'cpu', available: true }),
    );
    expect((await client.settings.update({ undoSeconds: 7 })).undoSeconds).toBe(7);
    expect((await client.settings.get()).undoSeconds).toBe(7);
  });

  test('a model is imported, used, and removed again', async () => {
    await client.app.info();
    const request = { name: 'mine', files: grantedModel(data) };
    const events = await Array.fromAsync(await client.models.import(request));
    expect(events[0]).toMatchObject({ type: 'copying', done: 0 });
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      model: { id: 'mine', origin: 'imported', dtypes: ['fp32', 'int8'] },
    });
    expect((await client.models.card({ id: 'mine' })).markdown).toMatch(/^---\n/);
    await client.settings.update({ translateModel: 'mine' });

    const source = { type: 'text', name: 'long.txt', text: numbered(200) } as const;
    const settings = { ...TRANSLATE, model: null };
    const { id, runId } = await client.jobs.add({ source, settings, keep: true });
    const refused = await failureOf(() => client.models.remove({ id: 'mine' }));
    expect(refused).toMatchObject({ code: 'JOB_STATE' });
    expect(await ended(id)).toMatchObject({ state: 'done', settings: { model: 'mine' } });
    const [unit] = await client.history.segments({ runId, from: 0, limit: 1 });
    expect(unit?.variants[0]?.text).toMatch(/\w/);
    const { models } = await client.models.remove({ id: 'mine' });
    expect(models.map((model) => model.id)).not.toContain('mine');
    expect((await client.settings.get()).translateModel).toBeNull();
  });

  test('an import that the caller cancels leaves nothing', async () => {
    await client.app.info();
    const cancel = new AbortController();
    const request = { name: 'mine', files: grantedModel(data) };
    const events = await client.models.import(request, { signal: cancel.signal });
    const followed = (async () => {
      for await (const event of events) if (event.type === 'checking') cancel.abort();
    })();
    await expect(followed).rejects.toThrow();
    await vi.waitFor(() => expect(readdirSync(join(data, 'models'))).toEqual([]), 5000);
    expect((await client.models.list()).models.map(({ id }) => id)).not.toContain('mine');
  });

  test('errors arrive with their code and a sentence', async () => {
    const settings = TRANSLATE;
    const imported = async (name: string, path: string) =>
      Array.fromAsync(await client.models.import({ name, files: [{ path, grantId: NOWHERE }] }));
    const cases: readonly [() => Promise<unknown>, string][] = [
      [
        () =>
          client.jobs.add({ source: { type: 'grant', grantId: NOWHERE }, settings, keep: true }),
        'GRANT_UNKNOWN',
      ],
      [() => client.jobs.cancel({ jobId: NOWHERE }), 'JOB_NOT_FOUND'],
      [() => client.history.open({ itemId: NOWHERE }), 'ITEM_NOT_FOUND'],
      [() => client.history.segments({ runId: NOWHERE, from: 0, limit: 1 }), 'RUN_NOT_FOUND'],
      [() => client.history.scores({ runId: NOWHERE }), 'RUN_NOT_FOUND'],
      [
        () =>
          client.history.change({
            runId: NOWHERE,
            changes: [{ type: 'choose', index: 0, alpha: null }],
          }),
        'RUN_NOT_FOUND',
      ],
      [() => client.media.playback({ itemId: NOWHERE }), 'ITEM_NOT_FOUND'],
      [() => client.media.peaks({ itemId: NOWHERE, from: 0, to: 1, pieces: 9 }), 'ITEM_NOT_FOUND'],
      [() => client.settings.update({ undoSeconds: -1 }), 'OPTION_INVALID'],
      [() => client.models.card({ id: 'none' }), 'MODEL_NOT_FOUND'],
      [() => client.models.remove({ id: TRANSLATE.model ?? '' }), 'MODEL_NOT_FOUND'],
      [() => imported('mine', 'config.json'), 'GRANT_UNKNOWN'],
      [() => imported('mine', '../config.json'), 'OPTION_INVALID'],
      [() => imported('.mine', 'config.json'), 'OPTION_INVALID'],
      [
        () =>
          client.jobs.add({
            source: { type: 'text', name: 'a', text: 'A.' },
            settings: { ...settings, model: 'gone' },
            keep: true,
          }),
        'MODEL_NOT_FOUND',
      ],
    ];
    for (const [ask, code] of cases) {
      const error = await failureOf(ask);
      expect(error).toMatchObject({ code });
      expect((error as Error).message).toMatch(/\.$/);
    }
  });
});

/** The named error that crossed, or null where there was none. */
function failureOf(ask: () => Promise<unknown>): Promise<unknown> {
  return ask().then(
    () => null,
    (failure: unknown) => (isTransportError(failure) ? fromTransportError(failure) : failure),
  );
}

function numbered(count: number): string {
  return Array.from({ length: count }, (_, i) => `This is sentence number ${i}.`).join('\n');
}

/** Paths of all procedures, as `jobs.add`. */
function procedures(contract: object, path: readonly string[] = []): string[] {
  return Object.entries(contract)
    .flatMap(([name, value]: [string, object]) =>
      isContractProcedure(value) ? [[...path, name].join('.')] : procedures(value, [...path, name]),
    )
    .sort();
}

/** The client, writing down what is called. */
function recording(
  client: AppClient,
  called: Set<string>,
  path: readonly string[] = [],
): AppClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof name !== 'string') return value;
      return recording(value as AppClient, called, [...path, name]);
    },
    apply: (target, self, inputs) => {
      called.add(path.join('.'));
      return Reflect.apply(target as unknown as (...inputs: unknown[]) => unknown, self, inputs);
    },
  });
}
