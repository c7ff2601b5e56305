import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RECOGNISER, SAMPLES_DIRECTORY, TRANSLATOR, translationDev } from '../../e2e/dev-inputs.ts';
import { isAlive } from '../../e2e/process-status.ts';
import type { RunOptions, Sentence } from '../contract/engine-contract.ts';
import type { Result } from '../contract/result.ts';
import { GREEDY } from '../contract/search.ts';
import { launchChildProcess } from './child-process-engine.ts';
import { collectResult } from './collect-result.ts';
import { EngineClient, type EngineEvent } from './engine-client.ts';

const options: RunOptions = {
  modelDirectory: TRANSLATOR,
  proxyDirectory: null,
  dtype: null,
  device: 'auto',
  threads: 1,
  alphas: [0],
  predictPerturbed: false,
  search: null,
  language: null,
  sourceLanguage: null,
  batchSize: 8,
  encoderCache: null,
};
const description = {
  task: 'translate',
  source: { path: '-', duration: null, leading: '' },
  threads: 1,
  alphas: [0],
  search: GREEDY,
} as const;

const never = new AbortController().signal;

let sentences: readonly Sentence[];
let engine: EngineClient<'restart'>;

beforeEach(async () => {
  const pairs = (await translationDev()).slice(0, 64);
  sentences = pairs.map(({ source }, index) => ({
    index,
    text: source,
    input: source,
    separator: '\n',
    translatable: true,
  }));
  engine = new EngineClient({ onCrash: 'restart', cancelGrace: 500 });
});
afterEach(() => engine.close());

/** Runs the translation and calls `onEvent` with every event. */
function run(
  onEvent: (event: EngineEvent) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<Result> {
  const events = engine.translate(sentences, options, signal);
  return collectResult({ ...description, alphas: [0] }, events, onEvent);
}

const texts = (result: Result) => result.segments.map((segment) => segment.variants[0]?.text);

/** Calls `act` at the n-th finished segment. */
function atSegment(n: number, act: () => void): (event: EngineEvent) => void {
  let seen = 0;
  return (event) => {
    if (event.type === 'segment' && ++seen === n) act();
  };
}

describe('a native crash', () => {
  test('in mid-decode is retried once on the CPU, and the result says so', async () => {
    const undisturbed = await run();
    const restarts: string[] = [];
    let crashed = false;
    const result = await run((event) => {
      if (event.type === 'restarted') restarts.push(event.reason);
      if (event.type !== 'segment' || crashed) return;
      crashed = true;
      process.kill(engine.pid ?? 0, 'SIGSEGV');
    });
    expect(texts(result)).toEqual(texts(undisturbed));
    expect(result.segments.map((segment) => segment.index)).toEqual(sentences.map((_, i) => i));
    expect(restarts).toEqual([expect.stringContaining('SIGSEGV')]);
    expect(result.device).toEqual({
      requested: 'auto',
      used: 'cpu',
      fallbacks: [{ device: 'cpu', reason: expect.stringContaining('SIGSEGV') }],
    });
  });

  test('that comes again is a named error', async () => {
    const run1 = run(
      (event) => event.type === 'segment' && process.kill(engine.pid ?? 0, 'SIGKILL'),
    );
    await expect(run1).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
  });

  test('does not spoil the runs after it', async () => {
    const crash = run(
      (event) => event.type === 'segment' && process.kill(engine.pid ?? 0, 'SIGKILL'),
    );
    await expect(crash).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    expect((await run()).segments).toHaveLength(sentences.length);
  });
});

describe('cancelling', () => {
  test('ends a run between two steps and keeps the process', async () => {
    await run();
    const pid = engine.pid;
    const controller = new AbortController();
    const cancelled = run(
      atSegment(1, () => controller.abort()),
      controller.signal,
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await run()).segments).toHaveLength(sentences.length);
    expect(engine.pid).toBe(pid);
  });

  test('ends a process that does not answer, and the next run gets a new one', async () => {
    const controller = new AbortController();
    let pid = 0;
    const cancelled = run(
      atSegment(1, () => {
        // A stopped process is as deaf as one in a long native call.
        pid = engine.pid ?? 0;
        process.kill(pid, 'SIGSTOP');
        controller.abort();
      }),
      controller.signal,
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(isAlive(pid)).toBe(false);
    expect((await run()).segments).toHaveLength(sentences.length);
  });

  test('keeps a process that does not answer while it works for others', async () => {
    const controller = new AbortController();
    let pid = 0;
    const cancelled = run(
      atSegment(1, () => {
        pid = engine.pid ?? 0;
        process.kill(pid, 'SIGSTOP');
        controller.abort();
        // Long after the time that it is given otherwise.
        setTimeout(() => process.kill(pid, 'SIGCONT'), 600);
      }),
      controller.signal,
    );
    const goesOn = run();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await goesOn).segments).toHaveLength(sentences.length);
    expect(engine.pid).toBe(pid);
  });

  test('reaches a long request that is still on its way', async () => {
    await run();
    const text = 'We have many apples.';
    const many = Array.from({ length: 20_000 }, (_, index) => {
      return { index, text, input: `${index} ${text}`, separator: ' ', translatable: true };
    });
    for (const delay of [0, 10, 20, 40, 80, 160]) {
      const controller = new AbortController();
      const cancelled = Array.fromAsync(engine.translate(many, options, controller.signal));
      setTimeout(() => controller.abort(), delay);
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    }
    // Other options: it would wait until all of the text is translated.
    const next = engine.translate(sentences.slice(0, 2), { ...options, batchSize: 1 }, never);
    expect((await Array.fromAsync(next)).at(-1)).toMatchObject({ type: 'done' });
  });

  test('before the start does not start a process', async () => {
    await expect(run(undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(engine.pid).toBeUndefined();
  });
});

describe('a client that leaves crashes to its caller', () => {
  test('starts nothing before the first request', () => {
    let launched = 0;
    const launch = () => {
      launched++;
      return launchChildProcess();
    };
    expect(new EngineClient({ onCrash: 'fail', launch }).pid).toBeUndefined();
    expect(launched).toBe(0);
  });

  test('throws ENGINE_CRASHED at once, and starts a new process for the next request', async () => {
    const failing = new EngineClient({ onCrash: 'fail' });
    const seen: string[] = [];
    const crashing = (async () => {
      for await (const event of failing.translate(sentences, options, never)) {
        seen.push(event.type);
        if (event.type === 'segment') process.kill(failing.pid ?? 0, 'SIGKILL');
      }
    })();
    await expect(crashing).rejects.toMatchObject({ code: 'ENGINE_CRASHED' });
    expect(seen.filter((type) => type === 'ready')).toHaveLength(1);
    expect(await failing.devices()).toContainEqual(expect.objectContaining({ device: 'cpu' }));
    await failing.close();
  });
});

describe('preparing media', () => {
  const folder = mkdtempSync(join(tmpdir(), 'veer-media-'));
  const paths = {
    playbackPath: join(folder, 'playback.opus'),
    peaksPath: join(folder, 'peaks.bin'),
  };
  const sample = join(SAMPLES_DIRECTORY, 'synthetic-voice.en.mp3');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('writes both files and says how long the recording is', async () => {
    const events = await Array.fromAsync(engine.prepareMedia(sample, paths, never));
    expect(events.at(-1)).toEqual({ type: 'done', duration: expect.closeTo(22.2, 1) });
    expect(readdirSync(folder).sort()).toEqual(['peaks.bin', 'playback.opus']);
  });

  test('that is cancelled is over, with nothing left, when the caller hears of it', async () => {
    const controller = new AbortController();
    const cancelled = (async () => {
      for await (const _ of engine.prepareMedia(sample, paths, controller.signal)) {
        controller.abort();
      }
    })();
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('keeps the codes of reading audio', async () => {
    const missing = Array.fromAsync(engine.prepareMedia('/nowhere/talk.wav', paths, never));
    await expect(missing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

test('errors of the engine keep their code and message', async () => {
  const signal = new AbortController().signal;
  const events = engine.transcribe(
    '/nowhere/talk.wav',
    { type: 'all' },
    { ...options, modelDirectory: RECOGNISER },
    signal,
  );
  await expect(Array.fromAsync(events)).rejects.toMatchObject({
    name: 'VeerError',
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining('talk.wav'),
  });
});

test('a reader that leaves early does not disturb the next run', async () => {
  for await (const event of engine.translate(sentences, options, new AbortController().signal)) {
    if (event.type === 'segment') break;
  }
  expect((await run()).segments).toHaveLength(sentences.length);
});

test('the devices are listed with the CPU among them', async () => {
  const devices = await engine.devices();
  expect(devices.find(({ device }) => device === 'cpu')).toMatchObject({ available: true });
});

test('the engine ends within two seconds of its parent', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { EngineClient } = await import(${JSON.stringify(new URL('./engine-client.ts', import.meta.url).href)});
       const engine = new EngineClient({ onCrash: 'fail' });
       await engine.devices();
       console.log(engine.pid);
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = await firstNumber(parent);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadline = performance.now() + 2000;
  while (isAlive(pid) && performance.now() < deadline) await delay(50);
  expect(isAlive(pid)).toBe(false);
});

async function firstNumber(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) return Number(line);
  throw new Error('the process printed nothing');
}
