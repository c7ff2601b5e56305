/** What a request may ask of a recogniser, through the engine: languages, fallback, times, refusals. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY } from '../../../e2e/dev-inputs.ts';
import type { AudioPart, RunEvent, RunOptions } from '../../contract/engine-contract.ts';
import type { Segment } from '../../contract/result.ts';
import { GREEDY } from '../../contract/search.ts';
import { type Fallback, PLAIN_SPEECH, type Speech } from '../../contract/speech.ts';
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

const RECOGNISER = join(MODELS_DIRECTORY, 'starter-asr-en-s');
const files = whisperReference.tiny.languages.slice(0, 3).map(({ file }) => file);
const search = { ...GREEDY, maxNewTokens: 10 };
let recording: string;
beforeAll(async () => {
  recording = folder.write('recording.wav', wavBytes(await joinedSamples(files)));
});

const options = (more: Partial<RunOptions> = {}): RunOptions =>
  runOptions(TINY_WHISPER, { search, ...more });

const speech = (more: Partial<Speech>): Speech => ({ ...PLAIN_SPEECH, ...more });

async function eventsOf(
  more: Partial<RunOptions> = {},
  { file = recording, part = { type: 'all' } as AudioPart } = {},
): Promise<readonly RunEvent[]> {
  return Array.fromAsync(engine.transcribe(file, part, options(more), never));
}

const segmentsOf = (events: readonly RunEvent[]): readonly Segment[] =>
  events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []));

const idsOf = (events: readonly RunEvent[]) =>
  segmentsOf(events).map(({ variants }) => variants.map(({ tokenIds }) => tokenIds));

describe('the language', () => {
  test('is detected once, at the first window, and used from there', async () => {
    const events = await eventsOf({ batchSize: 1 });
    expect(events[0]).toMatchObject({ type: 'ready', language: null, sourceLanguage: null });
    const heard = events.filter((event) => event.type === 'language');
    expect(heard).toHaveLength(1);
    const [event] = heard;
    expect(event?.language).toBe(event?.sourceLanguage);
    expect(event?.probability).toBeGreaterThan(0.25);
    expect(segmentsOf(events).length).toBeGreaterThan(1);
    const asked = await eventsOf({ language: event?.language ?? null });
    expect(asked.filter(({ type }) => type === 'language')).toEqual([]);
    expect(idsOf(asked)).toEqual(idsOf(events));
    // The batch changes nothing: the first window decides.
    expect((await eventsOf()).find(({ type }) => type === 'language')).toEqual(event);
  });

  test('stays what an earlier part of the run detected', async () => {
    const events = await eventsOf({ detectedLanguage: 'de' });
    expect(events[0]).toMatchObject({ language: 'de', sourceLanguage: 'de' });
    expect(events.filter(({ type }) => type === 'language')).toEqual([]);
    expect(idsOf(events)).toEqual(idsOf(await eventsOf({ language: 'de' })));
  });

  test('that is written may be another than the one spoken', async () => {
    const events = await eventsOf({ speech: speech({ toEnglish: true }) });
    expect(events[0]).toMatchObject({ language: 'en', sourceLanguage: null });
    const heard = events.find((event) => event.type === 'language');
    expect(heard?.language).toBe('en');
    expect(heard?.sourceLanguage).not.toBe('en');
    expect(idsOf(events)).not.toEqual(idsOf(await eventsOf()));
  });

  test('of silence is not known', async () => {
    const file = folder.write('silence.wav', wavBytes(new Float32Array(32_000)));
    const events = await eventsOf({}, { file });
    expect(events.map(({ type }) => type)).toEqual(['ready', 'segment', 'progress', 'done']);
  });
});

describe('falling back', () => {
  const fallback: Fallback = {
    temperatures: [0, 0.4, 0.8],
    compressionRatioThreshold: null,
    logProbabilityThreshold: null,
    noSpeechThreshold: null,
    seed: 3,
  };
  const run = (more: Partial<Fallback>, others: Partial<RunOptions> = {}) =>
    eventsOf({ language: 'de', speech: speech({ fallback: { ...fallback, ...more } }), ...others });
  const qualities = (events: readonly RunEvent[]) =>
    segmentsOf(events).map(({ variants }) => variants[0]?.quality);

  test('leaves the plain output alone where nothing is wrong with it, and measures it', async () => {
    const events = await run({});
    expect(idsOf(events)).toEqual(idsOf(await eventsOf({ language: 'de' })));
    for (const quality of qualities(events)) {
      expect(quality).toMatchObject({ temperature: 0, seed: null, noSpeech: false });
      expect(quality?.noSpeechProbability).toBeGreaterThan(0);
    }
  });

  test('draws again, reproducibly, whatever the batch is', async () => {
    const unsure = { logProbabilityThreshold: -0.01 };
    const events = await run(unsure);
    for (const quality of qualities(events)) {
      expect(quality).toMatchObject({ temperature: 0.8, seed: 3 });
    }
    expect(idsOf(await run(unsure, { batchSize: 1 }))).toEqual(idsOf(events));
    expect(idsOf(await run({ ...unsure, seed: 4 }))).not.toEqual(idsOf(events));
  });

  test('decodes again only what needs it', async () => {
    const averages = segmentsOf(await run({})).map(
      ({ variants }) => variants[0]?.averageLogProbability ?? 0,
    );
    const middle = averages.toSorted((a, b) => a - b)[1] ?? 0;
    const events = await run({ logProbabilityThreshold: middle });
    const tried = qualities(events).map((quality) => quality?.temperature !== 0);
    expect(tried).toEqual(averages.map((average) => average < middle));
    const plain = idsOf(await eventsOf({ language: 'de' }));
    for (const [i, ids] of idsOf(events).entries()) {
      if (!tried[i]) expect(ids).toEqual(plain[i]);
    }
  });

  test('writes nothing where nobody seems to speak', async () => {
    const events = await run({ noSpeechThreshold: 0, logProbabilityThreshold: 0 });
    for (const { variants } of segmentsOf(events)) {
      expect(variants[0]).toMatchObject({ text: '', tokenIds: [], quality: { noSpeech: true } });
    }
  });

  test('judges every α alone', async () => {
    const proxied = {
      modelDirectory: RECOGNISER,
      proxyDirectory: join(RECOGNISER, 'proxies', 'wer-attention'),
      language: null,
      search: null,
    };
    const alphas = [0, 4];
    const free = segmentsOf(await run({}, { ...proxied, alphas }));
    const [plain, perturbed] = free[0]?.variants ?? [];
    const between =
      ((plain?.averageLogProbability ?? 0) + (perturbed?.averageLogProbability ?? 0)) / 2;
    const judged = segmentsOf(
      await run({ logProbabilityThreshold: between }, { ...proxied, alphas }),
    );
    const temperatures = judged[0]?.variants.map(({ quality }) => quality?.temperature ?? 0) ?? [];
    expect(temperatures.filter((temperature) => temperature === 0)).toHaveLength(1);
    const kept = temperatures.indexOf(0);
    expect(judged[0]?.variants[kept]?.tokenIds).toEqual(free[0]?.variants[kept]?.tokenIds);
  });
});

test('phrases count from the start of the file', async () => {
  const file = join(FIXTURES, '..', '..', 'resources', 'samples', 'synthetic-voice.en.mp3');
  const more = { modelDirectory: RECOGNISER, search: null, speech: speech({ timestamps: true }) };
  const segments = segmentsOf(await eventsOf(more, { file }));
  expect(segments.length).toBeGreaterThan(2);
  let before = 0;
  for (const { start, end, variants } of segments) {
    const phrases = variants[0]?.phrases ?? [];
    expect(phrases.map(({ text }) => text).join(' ')).toBe(variants[0]?.text);
    for (const phrase of phrases) {
      expect(phrase.start).toBeGreaterThanOrEqual(Math.max(before, start ?? 0));
      expect(phrase.end).toBeGreaterThanOrEqual(phrase.start);
      expect(phrase.end).toBeLessThanOrEqual(end ?? 0);
      before = phrase.end;
    }
  }
  expect(before).toBeGreaterThan(6);
});

describe('a request that cannot be met is refused before any work', () => {
  const english = { modelDirectory: RECOGNISER };
  const cases: readonly (readonly [string, string, Partial<RunOptions>])[] = [
    ['LANGUAGE_UNSUPPORTED', 'a language that the model does not know', { language: 'it' }],
    [
      'OPTION_INVALID',
      'English of an English-only model',
      { ...english, speech: speech({ toEnglish: true }) },
    ],
    [
      'OPTION_INVALID',
      'word times without attentions',
      { ...english, speech: speech({ wordTimes: true }) },
    ],
    [
      'OPTION_INVALID',
      'times in the chunked form',
      { speech: speech({ longForm: 'chunked', timestamps: true }) },
    ],
    [
      'OPTION_INVALID',
      'text before in the form of pauses',
      { speech: speech({ conditionOnPrevious: true }) },
    ],
  ];
  test.each(cases)('%s: %s', async (code, _, more) => {
    await expect(eventsOf(more, { file: '/nowhere.wav' })).rejects.toMatchObject({ code });
  });
});
