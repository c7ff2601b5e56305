/** The queue over the real engine: what a scripted one cannot show. */

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planRun, queueEngine, readSentences, startEngine } from '../../e2e/crash/real-parts.ts';
import { SAMPLES_DIRECTORY, speechDev, translationDev } from '../../e2e/dev-inputs.ts';
import type { Job, JobEvent } from '../contract/jobs.ts';
import type { EngineClient } from '../engine-client/engine-client.ts';
import { EncoderCache } from './encoder-cache.ts';
import { JobQueue } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import { MemoryStore } from './test-memory-store.ts';
import { newItem, SETTINGS, variants } from './test-queue.ts';

const RECORDING = join(SAMPLES_DIRECTORY, 'recorded-digits.en.flac');

let directory: string;
let text: string;
let engine: EngineClient;
let store: JobStore;
let queue: JobQueue;
let encoderCache: EncoderCache;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veer-queue-'));
  text = join(directory, 'letter.txt');
  const pairs = (await translationDev()).slice(0, 12);
  await writeFile(text, pairs.map(({ source }) => source).join('\n\n'));
  engine = startEngine();
  store = new MemoryStore();
  encoderCache = new EncoderCache(join(directory, 'encoder'), () => 1e9);
  queue = newQueue();
});
afterEach(async () => {
  await queue.close();
  await engine.close();
  await rm(directory, { recursive: true });
});

function newQueue(): JobQueue {
  return new JobQueue({
    store,
    engine: queueEngine(engine),
    planRun,
    readSentences,
    encoderCache,
    reportFault: (fault) => {
      throw fault;
    },
  });
}

function add(path: string): Job {
  const isText = path.endsWith('.txt');
  const item = { ...newItem(path), kind: isText ? ('text' as const) : ('audio' as const) };
  return queue.addItem(item, { ...SETTINGS, task: isText ? 'translate' : 'transcribe' });
}

/** Resolves at the n-th event of this kind about the job. */
async function seen(job: Job, type: JobEvent['type'], n = 1): Promise<void> {
  let count = 0;
  for await (const event of queue.watch()) {
    if (event.type === type && 'jobId' in event && event.jobId === job.id && ++count === n) return;
  }
}

function outputs(job: Job) {
  return store.units(job.runId).map(({ index, start, end }) => {
    const made = store.segment(job.runId, index)?.variants;
    return { start, end, made: made?.map(({ alpha, text, tokenIds }) => [alpha, text, tokenIds]) };
  });
}

test.each(['text', 'audio'])(
  '%s: a job that was cancelled and killed ends as one that was not',
  async (kind) => {
    const path = kind === 'text' ? text : RECORDING;
    const undisturbed = add(path);
    await queue.idle();
    expect(store.job(undisturbed.id)).toMatchObject({ state: 'done', error: null });
    const count = store.units(undisturbed.runId).length;
    expect(count).toBeGreaterThan(2);

    const job = add(path);
    await seen(job, 'segment', 1);
    queue.cancel(job.id);
    await queue.idle();
    expect(store.units(job.runId).length).toBeLessThan(count);
    queue.retry(job.id);
    await seen(job, 'segment', 1);
    process.kill(engine.pid ?? 0, 'SIGKILL');
    await queue.idle();
    expect(store.job(job.id)).toMatchObject({ state: 'done', error: null });
    expect(outputs(job)).toEqual(outputs(undisturbed));
    const { done, total } = store.job(undisturbed.id);
    expect(store.job(job.id)).toMatchObject({ done, total: done });
    expect(total).toBe(done);
  },
);

test('a job is cancelled, and the next one runs, within two seconds', async () => {
  const job = add(RECORDING);
  const next = add(text);
  await seen(job, 'segment');
  const start = performance.now();
  expect(queue.cancel(job.id).state).toBe('cancelled');
  await queue.stopItem(job.itemId);
  expect(performance.now() - start).toBeLessThan(2000);
  await queue.idle();
  expect(store.job(next.id).state).toBe('done');
});

test('an engine that does not answer is ended, and the next job runs', async () => {
  const job = add(text);
  await seen(job, 'segment');
  const next = add(text);
  const pid = engine.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  const start = performance.now();
  expect(queue.cancel(job.id).state).toBe('cancelled');
  await queue.stopItem(job.itemId);
  expect(performance.now() - start).toBeLessThan(2000);
  await queue.idle();
  expect(store.job(next.id).state).toBe('done');
  expect(engine.pid).not.toBe(pid);
});

test('short recordings are decoded together, and written as each of them alone', async () => {
  const paths = (await speechDev()).slice(0, 10).map(({ path }) => path);
  const alone: Job[] = [];
  for (const path of paths) {
    alone.push(add(path));
    await queue.idle();
  }
  let most = 0;
  const follow = async () => {
    for await (const event of queue.watch()) {
      if (event.type !== 'changed') continue;
      most = Math.max(most, queue.list().filter(({ state }) => state === 'running').length);
    }
  };
  void follow();
  const together = paths.map(add);
  await queue.idle();
  expect(together.map(({ id }) => store.job(id).state)).toEqual(paths.map(() => 'done'));
  expect(together.map(outputs)).toEqual(alone.map(outputs));
  // Batches of the tests hold two windows.
  expect(most).toBeGreaterThanOrEqual(2);
});

test('more α come with a prediction each; a whole run has one for its plain output', async () => {
  const item = { ...newItem(text), kind: 'text' as const };
  const job = queue.addItem(item, { ...SETTINGS, alphas: [0, 0.1] });
  await queue.idle();
  queue.addVariants(job.runId, variants([0.5], [2]));
  await queue.idle();
  const [whole, more] = [0, 2].map((index) => store.segment(job.runId, index));
  expect(whole?.predictedScore).toEqual(expect.any(Number));
  expect(whole?.variants).toMatchObject([
    { alpha: 0, predictedScore: whole?.predictedScore },
    { alpha: 0.1, predictedScore: null },
  ]);
  expect(more?.variants.map(({ alpha, predictedScore }) => [alpha, predictedScore])).toEqual([
    [0, more?.predictedScore],
    [0.1, null],
    [0.5, expect.any(Number)],
  ]);
});

test.each(['text', 'audio'])(
  '%s: more α use the stored encoder outputs, and say where one is lost',
  async (kind) => {
    const job = add(kind === 'text' ? text : RECORDING);
    await queue.idle();
    const plain = outputs(job);
    const again: number[] = [];
    const follow = async () => {
      for await (const event of queue.watch()) {
        if (event.type === 'encoded-again') again.push(event.units);
      }
    };
    void follow();
    queue.addVariants(job.runId, variants([0.5]));
    await queue.idle();
    expect(again).toEqual([]);
    await encoderCache.remove(job.itemId);
    queue.addVariants(job.runId, variants([0, 1], [1]));
    await queue.idle();
    expect(again).toEqual([1]);
    const alphas = store.units(job.runId).map((unit) => unit.alphas);
    expect(alphas).toEqual(plain.map((_, i) => (i === 1 ? [0, 0.5, 1] : [0, 0.5])));
    expect(outputs(job).map(({ made }) => made?.[0])).toEqual(plain.map(({ made }) => made?.[0]));
    expect(await readdir(encoderCache.folderOf(job.itemId) ?? '')).toHaveLength(1);
  },
);
