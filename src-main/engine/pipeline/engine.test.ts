import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  MODELS_DIRECTORY,
  RECOGNISER,
  SAMPLES_DIRECTORY,
  TRANSLATOR,
  TRANSLATORS,
} from '../../../e2e/dev-inputs.ts';
import type { RunEvent, RunOptions, Sentence } from '../../contract/engine-contract.ts';
import type { Segment, Variant } from '../../contract/result.ts';
import type { Search } from '../../contract/search.ts';
import { Random } from '../../evaluation/random.ts';
import { TestFolder, wavBytes } from '../audio/test-files.ts';
import { adapterName } from '../onnx/adapter-name.ts';
import { runtimeVersion } from '../onnx/versions.ts';
import { Engine } from './engine.ts';
import { runOptions } from './test-run-options.ts';

const never = new AbortController().signal;
const engine = new Engine();
afterAll(() => engine.dispose());

const options = (modelDirectory: string, more: Partial<RunOptions> = {}): RunOptions =>
  runOptions(modelDirectory, { dtype: null, ...more });

function sentence(text: string, index = 0, translatable = true): Sentence {
  return { index, text, input: text, separator: ' ', translatable };
}

const segmentsOf = (events: readonly RunEvent[]): readonly Segment[] =>
  events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []));

const translate = (sentences: readonly Sentence[], more?: Partial<RunOptions>) =>
  Array.fromAsync(engine.translate(sentences, options(TRANSLATOR, more), never));

describe('translating', () => {
  test('an identical sentence is translated once and written at each of its places', async () => {
    const repeated = await translate([
      sentence('We are happy.', 0),
      sentence('Where is the station?', 1),
      sentence('We are happy.', 2),
    ]);
    const segments = [...segmentsOf(repeated)].sort((a, b) => a.index - b.index);
    expect(segments.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(segments[2]?.variants).toEqual(segments[0]?.variants);
    // Two distinct inputs of one batch each: a third decode would be a third progress event.
    const single = await translate(
      [0, 1, 2].map((i) => sentence('Yes.', i)),
      {
        batchSize: 1,
      },
    );
    expect(single.filter((event) => event.type === 'progress')).toEqual([
      { type: 'progress', done: 3, total: 3 },
    ]);
  });

  test('what has nothing to translate is copied', async () => {
    const [segment] = segmentsOf(await translate([sentence('***', 0, false)]));
    expect(segment?.variants[0]).toMatchObject({ text: '***', tokenIds: [] });
  });

  test('no sentences are no segments', async () => {
    const events = await translate([]);
    expect(events.map(({ type }) => type)).toEqual(['ready', 'done']);
  });

  test.each([
    [null, 'en', 'de'],
    ['de-AT', 'en', 'de'],
    ['EN', 'de', 'en'],
  ])('to language %j reads %s and writes %s', async (language, source, target) => {
    const [ready] = await translate([], { language });
    expect(ready).toMatchObject({ type: 'ready', sourceLanguage: source, language: target });
  });

  test('every α has a variant in the order asked', async () => {
    const alphas = [0.2, 0, -0.2];
    const events = await translate([sentence('I like apples.')], {
      alphas,
      proxyDirectory: join(TRANSLATOR, 'proxies', 'chrf-attention'),
    });
    const [segment] = segmentsOf(events);
    expect(segment?.variants.map(({ alpha }) => alpha)).toEqual(alphas);
  });
});

describe('searching otherwise than greedily', () => {
  const RULES = {
    repetitionPenalty: null,
    noRepeatNgramSize: null,
    minNewTokens: null,
    maxNewTokens: 30,
  };
  const beams: Search = {
    strategy: 'beam',
    beams: 4,
    lengthPenalty: 1,
    earlyStopping: false,
    returnSequences: 3,
    ...RULES,
  };
  const sampling: Search = {
    strategy: 'sample',
    temperature: 1,
    topK: null,
    topP: null,
    seed: 0,
    ...RULES,
  };
  const proxyDirectory = join(TRANSLATOR, 'proxies', 'chrf-attention');
  const sentences = ['I like apples.', 'Where is the station?', 'She has promised to help me.'];
  const outputs = async (search: Search | null, more: Partial<RunOptions> = {}) => {
    const asked = sentences.map((text, i) => sentence(text, i));
    const events = await translate(asked, { proxyDirectory, dtype: 'fp32', search, ...more });
    return [...segmentsOf(events)]
      .sort((a, b) => a.index - b.index)
      .map(({ variants }) => variants);
  };
  const idsOf = (variant: Variant | undefined) =>
    [variant, ...(variant?.alternatives ?? [])].map((one) => one?.tokenIds);

  test('beams give the best text and the next best ones, for every α', async () => {
    const found = await outputs(beams, { alphas: [0, 0.3] });
    for (const variant of found.flat()) {
      expect(variant.alternatives).toHaveLength(2);
      expect(new Set(idsOf(variant).map(String)).size).toBe(3);
    }
    // With α = 0 there is the plain output, whatever else is in the batch.
    const plain = await outputs(beams, { alphas: [0], batchSize: 1 });
    expect(found.map(([first]) => idsOf(first))).toEqual(plain.map(([first]) => idsOf(first)));
  });

  test('the best of the beams is no less probable than the greedy output', async () => {
    const score = (variants: readonly Variant[]) => {
      const [{ tokenIds, averageLogProbability } = { tokenIds: [], averageLogProbability: 0 }] =
        variants;
      return averageLogProbability * (tokenIds.length + 1);
    };
    const bySum = { ...beams, lengthPenalty: 0, earlyStopping: 'never' } as const;
    const [found, greedy] = [await outputs(bySum), await outputs(null)];
    found.forEach((variants, i) => {
      expect(score(variants)).toBeGreaterThanOrEqual(score(greedy[i] ?? []) - 1e-4);
    });
  });

  test('beams are rows too: a batch has fewer inputs', async () => {
    const many = Array.from({ length: 12 }, (_, i) => sentence(`We have ${i} apples.`, i));
    const batches = async (search: Search | null) =>
      (await translate(many, { search })).filter(({ type }) => type === 'progress').length;
    expect(await batches(null)).toBe(1);
    expect(await batches({ ...beams, maxNewTokens: 2 })).toBe(2);
  });

  test('sampling depends on the seed, and neither on the batch nor on other α', async () => {
    const texts = async (search: Search, more?: Partial<RunOptions>) =>
      (await outputs(search, more)).map(([first]) => first?.tokenIds);
    const first = await texts(sampling);
    expect(await texts(sampling, { batchSize: 1 })).toEqual(first);
    expect(await texts(sampling, { alphas: [0, 0.3] })).toEqual(first);
    expect(await texts({ ...sampling, seed: 1 })).not.toEqual(first);
    expect(first).not.toEqual((await outputs(null)).map(([greedy]) => greedy?.tokenIds));
  });

  test('every α draws the same numbers', async () => {
    const found = await outputs(sampling, { alphas: [0, 1e-9] });
    for (const [plain, perturbed] of found) expect(perturbed?.tokenIds).toEqual(plain?.tokenIds);
  });
});

describe('transcribing', () => {
  const file = join(SAMPLES_DIRECTORY, 'synthetic-voice.en.mp3');
  const transcribe = (more?: Partial<RunOptions>) =>
    Array.fromAsync(engine.transcribe(file, { type: 'all' }, options(RECOGNISER, more), never));

  test('a file longer than the window gives segments that follow each other to its end', async () => {
    const events = await transcribe();
    const segments = segmentsOf(events);
    expect(segments.length).toBeGreaterThan(2);
    let end = 0;
    for (const [position, segment] of segments.entries()) {
      expect(segment.index).toBe(position);
      expect(segment.start).toBe(end);
      end = segment.end ?? 0;
      expect(end - (segment.start ?? 0)).toBeLessThanOrEqual(6);
    }
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'done', duration: end });
  });

  test('the batch size changes no text', async () => {
    const texts = async (batchSize: number) =>
      segmentsOf(await transcribe({ batchSize })).map(({ variants }) => variants[0]?.text);
    expect(await texts(1)).toEqual(await texts(8));
  });

  test('progress never goes backward and ends at the total', async () => {
    const events = await transcribe({ batchSize: 1 });
    const done = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    expect(done.map((event) => event.done)).toEqual(
      done.map((event) => event.done).toSorted((a, b) => a - b),
    );
    expect(done.at(-1)?.done).toBeGreaterThanOrEqual(0.95 * (done.at(-1)?.total ?? Infinity));
  });
});

describe('sound without speech', () => {
  const folder = new TestFolder();
  afterAll(() => folder[Symbol.dispose]());
  const textsOf = async (samples: Float32Array) => {
    const file = folder.write('quiet.wav', wavBytes(samples));
    const run = engine.transcribe(file, { type: 'all' }, options(RECOGNISER), never);
    return segmentsOf(await Array.fromAsync(run)).map(({ variants }) => variants[0]?.text);
  };

  test('gives empty texts where it is silent', async () => {
    const texts = await textsOf(new Float32Array(8 * 16_000));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.every((text) => text === '')).toBe(true);
  });

  test('gives texts without marks of the model where it is faint noise', async () => {
    const random = new Random(1);
    const noise = Float32Array.from({ length: 8 * 16_000 }, () => 1e-3 * random.normal());
    const texts = await textsOf(noise);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).not.toMatch(/<\||\|>/);
  });
});

describe('a request that cannot be met is refused with its code', () => {
  const cases: readonly (readonly [string, string, Partial<RunOptions>])[] = [
    ['MODEL_NOT_FOUND', '/nowhere/model', {}],
    ['ALPHA_NOT_FINITE', TRANSLATOR, { alphas: [Number.NaN] }],
    ['PROXY_NOT_FOUND', TRANSLATOR, { alphas: [0.1] }],
    ['PROXY_NOT_FOUND', TRANSLATOR, { proxyDirectory: '/nowhere/proxy' }],
    ['DTYPE_UNAVAILABLE', TRANSLATOR, { dtype: 'q4' }],
    ['LANGUAGE_UNSUPPORTED', TRANSLATOR, { language: 'fr' }],
    ['MODEL_TASK_MISMATCH', RECOGNISER, {}],
  ];
  test.each(cases)('%s', async (code, directory, more) => {
    const run = Array.fromAsync(
      engine.translate([sentence('Hello.')], options(directory, more), never),
    );
    await expect(run).rejects.toMatchObject({ name: 'VeerError', code });
  });
});

test('a model that was replaced under its name is loaded anew', async () => {
  using folder = new TestFolder();
  const modelDirectory = join(folder.path, 'mine');
  const encoderOf = async (name: string) => {
    await rm(modelDirectory, { recursive: true, force: true });
    await cp(join(MODELS_DIRECTORY, name), modelDirectory, { recursive: true });
    const [ready] = await translate([sentence('Hello.')], { modelDirectory });
    return ready?.type === 'ready' ? ready.model.encoderSha256 : null;
  };
  const [larger, smaller] = TRANSLATORS;
  const before = await encoderOf(smaller);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(await encoderOf(larger)).not.toBe(before);
});

test('a device that is not there falls back to the CPU with its reason', async () => {
  const missing = process.platform === 'win32' ? 'coreml' : 'dml';
  const [ready] = await translate([sentence('Hello.')], { device: missing });
  expect(ready).toMatchObject({
    type: 'ready',
    device: {
      requested: missing,
      used: 'cpu',
      fallbacks: [{ device: missing, reason: expect.stringContaining('does not include') }],
    },
  });
});

describe('devices', () => {
  test('the fixed piece of work gives times and ids, the same ids every time', async () => {
    const trial = {
      modelDirectory: join(MODELS_DIRECTORY, TRANSLATORS[1]),
      dtype: null,
      device: 'cpu',
      threads: 2,
      language: null,
    } as const;
    const { tokenIds, encode, decode } = await engine.measureDevice(trial);
    expect(tokenIds.length).toBeGreaterThan(1);
    expect(tokenIds.every((ids) => ids.length > 0 && ids.length <= 32)).toBe(true);
    expect(Math.min(encode, decode)).toBeGreaterThan(0);
    expect((await engine.measureDevice(trial)).tokenIds).toEqual(tokenIds);
    // One of them exists on no system together with the other.
    const missing = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(engine.measureDevice({ ...trial, device: missing })).rejects.toMatchObject({
      code: 'DEVICE_UNKNOWN',
    });
  });

  test('auto says why it takes the device that it takes', async () => {
    const deviceOf = async (more: Partial<RunOptions>) => {
      const [ready] = await translate([], more);
      return ready?.type === 'ready' ? ready : null;
    };
    const unmeasured = await deviceOf({ device: 'auto' });
    expect(unmeasured?.device).toEqual({
      requested: 'auto',
      used: 'cpu',
      fallbacks: [],
      reason: expect.stringContaining('veer devices --bench'),
    });
    expect((await deviceOf({ device: 'cpu' }))?.device).not.toHaveProperty('reason');
    const { encoderSha256 = '', decoderSha256 = '' } = unmeasured?.model ?? {};
    const here = { adapter: await adapterName(), runtime: runtimeVersion() };
    const cpu = { encoderSha256, decoderSha256, ...here, encode: 5, decode: 5, agrees: true };
    const missing = process.platform === 'darwin' ? 'dml' : 'coreml';
    const measurements = [
      { ...cpu, device: 'cpu' as const },
      { ...cpu, device: missing, decode: 1 } as const,
    ];
    // Chosen, and not there any more.
    const fallen = await deviceOf({ device: 'auto', measurements });
    expect(fallen?.device).toMatchObject({ used: 'cpu', fallbacks: [{ device: missing }] });
  });
});
