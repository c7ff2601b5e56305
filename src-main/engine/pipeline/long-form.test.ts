/**
 * Recordings longer than a window: what the Python library makes of the same one, stored by
 * e2e/fixtures/whisper/make-reference.py, and what holds for several α.
 */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS } from '../../../e2e/dev-inputs.ts';
import type { AudioPart, RunEvent, RunOptions } from '../../contract/engine-contract.ts';
import type { Segment } from '../../contract/result.ts';
import { GREEDY } from '../../contract/search.ts';
import { PLAIN_SPEECH, type Speech } from '../../contract/speech.ts';
import { TestFolder, wavBytes } from '../audio/test-files.ts';
import { joinedSamples, TINY_WHISPER, whisperReference } from '../models/whisper/test-reference.ts';
import { Engine } from './engine.ts';
import { runOptions } from './test-run-options.ts';

const never = new AbortController().signal;
const engine = new Engine();
const folder = new TestFolder();
afterAll(async () => {
  folder[Symbol.dispose]();
  await engine.dispose();
});

const { tiny, starters } = whisperReference;

const speech = (more: Partial<Speech>): Speech => ({ ...PLAIN_SPEECH, ...more });

async function segmentsOf(file: string, run: RunOptions, part: AudioPart = { type: 'all' }) {
  const events: RunEvent[] = await Array.fromAsync(engine.transcribe(file, part, run, never));
  const segments = events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []));
  return { segments, done: events.find((event) => event.type === 'done') };
}

/** Every segment begins where the one before ended. */
function expectGapless(segments: readonly Segment[], duration: number | null | undefined): void {
  let end = 0;
  for (const [index, segment] of segments.entries()) {
    expect(segment).toMatchObject({ index, start: end });
    end = segment.end ?? 0;
  }
  expect(duration).toBeCloseTo(end, 6);
}

const idsOf = (segments: readonly Segment[], alpha = 0) =>
  segments.flatMap(({ variants }) => variants[alpha]?.tokenIds ?? []);

describe.each(RECOGNISERS)('%s', (id) => {
  const stored = starters[id];
  const model = join(MODELS_DIRECTORY, id);
  let file: string;
  beforeAll(async () => {
    file = folder.write(`${id}.wav`, wavBytes(await joinedSamples(stored?.long ?? [])));
  });

  test('goes through a recording by its times as the library does', async () => {
    const { segments, done } = await segmentsOf(
      file,
      runOptions(model, { speech: speech({ longForm: 'sequential' }) }),
    );
    const windows = stored?.sequential ?? [];
    expect(segments.map(({ start }) => start)).toEqual(windows.map(({ start }) => start));
    const phrases = segments.flatMap(({ variants }) => variants[0]?.phrases ?? []);
    expect(phrases.map(({ start, end }) => [start, end])).toEqual(
      windows.flatMap((window) =>
        // The model may say a time behind the end of the recording.
        window.phrases.map(([start, end]) => [
          expect.closeTo(start, 2),
          expect.closeTo(Math.min(end, done?.duration ?? 0), 2),
        ]),
      ),
    );
    expectGapless(segments, done?.duration);
  });

  test('joins windows that overlap as the library does, whatever the batch', async () => {
    for (const batchSize of [1, 8]) {
      const run = runOptions(model, { speech: speech({ longForm: 'chunked' }), batchSize });
      const { segments, done } = await segmentsOf(file, run);
      expect(segments).toHaveLength(stored?.chunked.chunks.length ?? 0);
      expect(idsOf(segments)).toEqual(stored?.chunked.ids);
      expectGapless(segments, done?.duration);
      // No word is cut in two.
      for (const { variants } of segments.slice(1)) expect(variants[0]?.text).toMatch(/^[\p{L}"]/u);
    }
  });
});

test('what α = 0 writes does not depend on another α', async () => {
  const [, id] = RECOGNISERS;
  const model = join(MODELS_DIRECTORY, id);
  const proxyDirectory = join(model, 'proxies', 'wer-attention');
  const file = folder.write('both.wav', wavBytes(await joinedSamples(starters[id]?.long ?? [])));
  for (const longForm of ['sequential', 'chunked'] as const) {
    const run = runOptions(model, { speech: speech({ longForm }) });
    const alone = await segmentsOf(file, run);
    const both = await segmentsOf(file, { ...run, proxyDirectory, alphas: [0, 0.5] });
    expect(idsOf(both.segments)).toEqual(idsOf(alone.segments));
    expect(both.segments.map(({ start, end }) => [start, end])).toEqual(
      alone.segments.map(({ start, end }) => [start, end]),
    );
    expect(idsOf(both.segments, 1).length).toBeGreaterThan(0);
  }
});

describe('the tiny model', () => {
  let file: string;
  const search = { ...GREEDY, maxNewTokens: 40 };
  beforeAll(async () => {
    file = folder.write('tiny.wav', wavBytes(await joinedSamples(tiny.long)));
  });

  test('begins a window at the last pair of times, as the library does', async () => {
    const { segments, done } = await segmentsOf(
      file,
      runOptions(TINY_WHISPER, {
        language: 'de',
        search,
        speech: speech({ longForm: 'sequential' }),
      }),
    );
    const windows = tiny.sequential;
    // It goes on in the middle of a window, which the trained models do not for these.
    expect(windows.some(({ start }) => start % 3 !== 0)).toBe(true);
    expect(segments.slice(0, windows.length).map(({ start }) => start)).toEqual(
      windows.map(({ start }) => expect.closeTo(start, 6)),
    );
    for (const [i, { phrases }] of windows.entries()) {
      const found = segments[i]?.variants[0]?.phrases ?? [];
      expect(found.map(({ start }) => start)).toEqual(
        phrases.map(([start]) => expect.closeTo(start, 2)),
      );
    }
    expectGapless(segments, done?.duration);
  });

  test('goes on in the middle, and writes single windows again, as it does in one go', async () => {
    const run = runOptions(TINY_WHISPER, {
      language: 'de',
      search,
      speech: speech({ longForm: 'sequential' }),
    });
    const { segments, done } = await segmentsOf(file, run);
    const [first, second] = segments;
    expect(segments.length).toBeGreaterThan(3);
    const rest = await segmentsOf(file, run, {
      type: 'rest',
      index: 2,
      start: second?.end ?? 0,
    });
    expect(rest.segments).toEqual(segments.slice(2));
    expect(rest.done?.duration).toBe(done?.duration);
    const again = segments.filter((_, index) => index !== 1);
    const windows = again.map(({ index, start, end }) => ({
      index,
      start: start ?? 0,
      end: end ?? 0,
    }));
    const written = await segmentsOf(file, run, { type: 'windows', windows });
    expect(written.segments).toEqual(again);
    const overlapping = [first, first].map((_, index) => ({ index, start: index, end: index + 2 }));
    await expect(segmentsOf(file, run, { type: 'windows', windows: overlapping })).rejects.toThrow(
      'overlaps the one before',
    );
  });

  test('may go on from what it wrote before', async () => {
    const run = (conditionOnPrevious: boolean) =>
      segmentsOf(
        file,
        runOptions(TINY_WHISPER, {
          language: 'de',
          search: { ...search, maxNewTokens: 12 },
          speech: speech({ longForm: 'sequential', conditionOnPrevious }),
        }),
      );
    const [alone, conditioned] = [await run(false), await run(true)];
    expect(conditioned.segments[0]).toEqual(alone.segments[0]);
    expect(idsOf(conditioned.segments.slice(1))).not.toEqual(idsOf(alone.segments.slice(1)));
  });
});

test.each([
  { longForm: 'chunked' },
  { longForm: 'sequential', conditionOnPrevious: true },
] as const)(
  'a part of a recording cannot be run where windows depend on each other: %j',
  async (asked) => {
    const run = runOptions(TINY_WHISPER, { language: 'de', speech: speech(asked) });
    const part = { type: 'rest', index: 1, start: 2 } as const;
    await expect(
      Array.fromAsync(engine.transcribe('/nowhere.wav', part, run, never)),
    ).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  },
);
