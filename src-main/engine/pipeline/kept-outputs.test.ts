/** Going on in a recording, and another α from kept encoder outputs: the whole engine. */

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  RECOGNISER,
  SAMPLES_DIRECTORY,
  spread,
  TRANSLATOR,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import type { AudioPart, RunEvent, RunOptions } from '../../contract/engine-contract.ts';
import type { Segment } from '../../contract/result.ts';
import { TestFolder, wavBytes } from '../audio/test-files.ts';
import { noise } from '../audio/test-signals.ts';
import { Engine } from './engine.ts';
import { runOptions } from './test-run-options.ts';

const never = new AbortController().signal;
const engine = new Engine();
const folder = new TestFolder();
afterAll(async () => {
  folder[Symbol.dispose]();
  await engine.dispose();
});

let encoderCache: string;
let count = 0;
beforeEach(() => {
  encoderCache = join(folder.path, `cache-${++count}`);
});

const segmentsOf = (events: readonly RunEvent[]): readonly Segment[] =>
  events
    .flatMap((event) => (event.type === 'segment' ? [event.segment] : []))
    .sort((a, b) => a.index - b.index);

const countsOf = (events: readonly RunEvent[]) => {
  const last = events.findLast((event) => event.type === 'encoder-cache');
  return last && { found: last.found, encoded: last.encoded };
};

const windowsOf = (segments: readonly Segment[]): AudioPart => ({
  type: 'windows',
  windows: segments.map(({ index, start, end }) => ({ index, start: start ?? 0, end: end ?? 0 })),
});

describe('a recording', () => {
  const file = join(SAMPLES_DIRECTORY, 'synthetic-voice.en.mp3');
  const proxyDirectory = join(RECOGNISER, 'proxies', 'wer-attention');
  const transcribe = (part: AudioPart, more: Partial<RunOptions>, path = file) =>
    Array.fromAsync(engine.transcribe(path, part, runOptions(RECOGNISER, more), never));

  test('gone on at any boundary has the segments of an undisturbed run', async () => {
    const more = { alphas: [0, 0.2], proxyDirectory, batchSize: 2 };
    const whole = segmentsOf(await transcribe({ type: 'all' }, more));
    expect(whole.length).toBeGreaterThan(3);
    for (const { index, end } of whole) {
      const events = await transcribe({ type: 'rest', index: index + 1, start: end ?? 0 }, more);
      const rest = segmentsOf(events);
      const texts = (segments: readonly Segment[]) =>
        segments.map(({ start, end, variants }) => ({
          start,
          end,
          variants: variants.map(({ text, tokenIds }) => ({ text, tokenIds })),
        }));
      expect(rest.map((segment) => segment.index)).toEqual(
        whole.slice(index + 1).map((segment) => segment.index),
      );
      expect(texts(rest)).toEqual(texts(whole.slice(index + 1)));
      expect(events.at(-1)).toMatchObject({ type: 'done', duration: whole.at(-1)?.end });
    }
  });

  test('gives another α from what was kept, bit for bit and without its audio', async () => {
    const plain = await transcribe({ type: 'all' }, { encoderCache });
    const segments = segmentsOf(plain);
    expect(countsOf(plain)).toEqual({ found: 0, encoded: segments.length });
    expect(readdirSync(encoderCache).length).toBe(segments.length);
    const more = { alphas: [0.2, -0.2], proxyDirectory };
    const fresh = await transcribe({ type: 'all' }, more);
    const nowhere = join(folder.path, 'deleted.wav');
    const kept = await transcribe(windowsOf(segments), { ...more, encoderCache }, nowhere);
    expect(segmentsOf(kept)).toEqual(segmentsOf(fresh));
    expect(countsOf(kept)).toEqual({ found: segments.length, encoded: 0 });
    expect(countsOf(fresh)).toBeUndefined();
  });

  test('is read again for the windows that are not kept', async () => {
    const segments = segmentsOf(await transcribe({ type: 'all' }, { encoderCache }));
    const [damaged = ''] = readdirSync(encoderCache);
    writeFileSync(join(encoderCache, damaged), 'damaged');
    const events = await transcribe(windowsOf(segments), { encoderCache });
    expect(countsOf(events)).toEqual({ found: segments.length - 1, encoded: 1 });
    expect(segmentsOf(events).map(({ variants }) => variants[0]?.tokenIds)).toEqual(
      segments.map(({ variants }) => variants[0]?.tokenIds),
    );
    const nowhere = join(folder.path, 'deleted.wav');
    const all = await transcribe(windowsOf(segments), { encoderCache }, nowhere);
    expect(countsOf(all)).toEqual({ found: segments.length, encoded: 0 });
  });

  test('runs the windows asked for and no others', async () => {
    const whole = segmentsOf(await transcribe({ type: 'all' }, { batchSize: 1 }));
    const some = whole.filter(({ index }) => index % 2 === 1);
    const events = await transcribe(windowsOf(some), { batchSize: 1 });
    expect(segmentsOf(events)).toEqual(some);
    const seconds = some.reduce((sum, { start, end }) => sum + (end ?? 0) - (start ?? 0), 0);
    const last = events.at(-1);
    expect(last?.type === 'done' ? last.duration : null).toBeCloseTo(seconds, 9);
  });

  test('keeps silence as silence', async () => {
    const samples = new Float64Array(20 * 16_000);
    samples.set(
      noise(4 * 16_000).map((x) => 0.01 * x),
      0,
    );
    const path = folder.write('mostly-silent.wav', wavBytes(samples));
    const first = await transcribe({ type: 'all' }, { encoderCache }, path);
    const segments = segmentsOf(first);
    const nowhere = join(folder.path, 'deleted.wav');
    const again = await transcribe(windowsOf(segments), { encoderCache }, nowhere);
    expect(segmentsOf(again)).toEqual(segments);
    expect(countsOf(first)).toEqual({ found: 0, encoded: 1 });
    expect(countsOf(again)).toEqual({ found: 1, encoded: 0 });
  });

  test('is run although nothing can be kept', async () => {
    writeFileSync(encoderCache, 'a file where the folder should be');
    const events = await transcribe({ type: 'all' }, { encoderCache });
    expect(events.at(-1)?.type).toBe('done');
    expect(countsOf(events)?.found).toBe(0);
  });
});

describe('a text', () => {
  const proxyDirectory = join(TRANSLATOR, 'proxies', 'chrf-attention');

  async function sentences() {
    const pairs = spread(await translationDev(), 20);
    return pairs.map(({ source }, i) => {
      // As if the ones between were done.
      return { index: 3 * i, text: source, input: source, separator: ' ', translatable: true };
    });
  }
  const translate = async (more: Partial<RunOptions>, from = 0) =>
    Array.fromAsync(
      engine.translate((await sentences()).slice(from), runOptions(TRANSLATOR, more), never),
    );

  test('whose sentences are some of it keeps their numbers', async () => {
    const segments = segmentsOf(await translate({}));
    expect(segments.map(({ index }) => index)).toEqual((await sentences()).map((s) => s.index));
    expect(segments.map(({ source }) => source)).toEqual((await sentences()).map((s) => s.text));
  });

  test('gives another α from what was kept, bit for bit, with lengths that differ', async () => {
    const plain = await translate({ encoderCache, batchSize: 8 });
    expect(countsOf(plain)).toEqual({ found: 0, encoded: 20 });
    const more = { alphas: [0, 0.2, -0.2], proxyDirectory, batchSize: 8 };
    const fresh = segmentsOf(await translate(more));
    const kept = await translate({ ...more, encoderCache });
    expect(segmentsOf(kept)).toEqual(fresh);
    expect(countsOf(kept)).toEqual({ found: 20, encoded: 0 });
  });

  test('gives the same tokens where some are kept and others not', async () => {
    await translate({ encoderCache }, 10);
    const more = { alphas: [0, 0.2], proxyDirectory };
    const mixed = await translate({ ...more, encoderCache });
    expect(countsOf(mixed)).toEqual({ found: 10, encoded: 10 });
    const ids = (segments: readonly Segment[]) =>
      segments.map(({ variants }) => variants.map(({ tokenIds }) => tokenIds));
    expect(ids(segmentsOf(mixed))).toEqual(ids(segmentsOf(await translate(more))));
  });
});
