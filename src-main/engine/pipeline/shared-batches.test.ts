/** Several files at once, through the engine and through the batches alone, with real models. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  MODELS_DIRECTORY,
  RECOGNISERS,
  readSamples,
  speechDev,
  TRANSLATORS,
  translationDev,
} from '../../../e2e/dev-inputs.ts';
import type { RunEvent, RunOptions, Sentence } from '../../contract/engine-contract.ts';
import { VeerError } from '../../contract/errors.ts';
import type { Segment } from '../../contract/result.ts';
import { TestFolder, wavBytes } from '../audio/test-files.ts';
import { loadModel } from '../models/factory.ts';
import type { Model } from '../models/model.ts';
import { joinedSamples, TINY_WHISPER, whisperReference } from '../models/whisper/test-reference.ts';
import { dimension } from '../onnx/tensor.ts';
import { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import { Engine } from './engine.ts';
import type { DecodedInput } from './perturbed-decode.ts';
import { type BatchSource, SharedBatches } from './shared-batches.ts';
import { Stopwatch } from './stopwatch.ts';
import { runOptions } from './test-run-options.ts';

const RECOGNISER = join(MODELS_DIRECTORY, RECOGNISERS[1]);
const TRANSLATOR = join(MODELS_DIRECTORY, TRANSLATORS[1]);
const never = new AbortController().signal;

const segmentsOf = (events: readonly RunEvent[]): readonly Segment[] =>
  events
    .flatMap((event) => (event.type === 'segment' ? [event.segment] : []))
    .sort((a, b) => a.index - b.index);

const outputsOf = (events: readonly RunEvent[]) =>
  segmentsOf(events).map(({ index, start, end, variants }) => ({
    index,
    start,
    end,
    outputs: variants.map(({ alpha, text, tokenIds }) => ({ alpha, text, tokenIds })),
  }));

describe('requests of the engine', () => {
  const engine = new Engine();
  const folder = new TestFolder();
  afterAll(async () => {
    folder[Symbol.dispose]();
    await engine.dispose();
  });

  let paths: readonly string[];
  let long: string;
  beforeAll(async () => {
    paths = (await speechDev()).slice(0, 11).map(({ path }) => path);
    const samples = await Promise.all(paths.map(readSamples));
    const joint = new Float32Array(samples.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const one of samples) {
      joint.set(one, at);
      at += one.length;
    }
    long = folder.write('long.wav', wavBytes(joint));
  });

  const transcribe = (path: string, more: Partial<RunOptions> = {}, signal = never) =>
    Array.fromAsync(engine.transcribe(path, { type: 'all' }, runOptions(RECOGNISER, more), signal));

  async function oneByOne<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    for (const item of items) results.push(await run(item));
    return results;
  }

  test('at once give every recording what it is given alone', async () => {
    const files = [...paths.slice(0, 5), long, ...paths.slice(5)];
    const more = {
      alphas: [0, 0.2],
      proxyDirectory: join(RECOGNISER, 'proxies', 'wer-attention'),
    };
    const alone = await oneByOne(files, (path) => transcribe(path, more));
    const together = await Promise.all(files.map((path) => transcribe(path, more)));
    expect(together.map(outputsOf)).toEqual(alone.map(outputsOf));
    expect(segmentsOf(together[5] ?? []).length).toBeGreaterThan(2);
    for (const events of together) {
      expect(events[0]).toMatchObject({ type: 'ready' });
      expect(events.filter(({ type }) => type === 'ready')).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'done' });
    }
  });

  test('at once give every text what it is given alone', async () => {
    const pairs = await translationDev();
    const texts = [3, 1, 40, 2, 0, 5].map((count, text) =>
      Array.from({ length: count }, (_, index): Sentence => {
        const { source } = pairs[(7 * text + index) % pairs.length] ?? { source: '' };
        return { index, text: source, input: source, separator: ' ', translatable: true };
      }),
    );
    const translate = (sentences: readonly Sentence[]) =>
      Array.fromAsync(engine.translate(sentences, runOptions(TRANSLATOR), never));
    const alone = await oneByOne(texts, translate);
    const together = await Promise.all(texts.map(translate));
    expect(together.map(outputsOf)).toEqual(alone.map(outputsOf));
    expect(together.map((events) => segmentsOf(events).length)).toEqual([3, 1, 40, 2, 0, 5]);
  });

  test('times of files that share batches add up to the time that passed', async () => {
    await transcribe(long);
    const start = performance.now();
    const together = await Promise.all(paths.map((path) => transcribe(path)));
    const passed = performance.now() - start;
    const timings = together.flatMap((events) =>
      events.flatMap((event) => (event.type === 'done' ? [event.timings] : [])),
    );
    const sum = timings.reduce((all, { total }) => all + total, 0);
    expect(sum).toBeLessThan(1.1 * passed + 5);
    for (const { read, features, encode, proxy, decode, total } of timings) {
      expect(read + features + encode + proxy + decode).toBeLessThanOrEqual(total + 1);
      expect(Math.min(read, features, encode, decode)).toBeGreaterThan(0);
    }
  });

  test('a file that cannot be read fails alone', async () => {
    const broken = folder.write('broken.wav', Buffer.from('no sound at all'));
    const missing = join(folder.path, 'missing.wav');
    const [first = '', second = ''] = paths;
    const results = await Promise.allSettled(
      [first, broken, missing, second].map((path) => transcribe(path)),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(results[2]).toMatchObject({ reason: { code: 'FILE_NOT_FOUND' } });
    const alone = await oneByOne([first, second], (path) => transcribe(path));
    const kept = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    expect(outputsOf(kept)).toEqual(outputsOf(alone.flat()));
  });

  test.each(['waits', 'is decoded'])(
    'a file that is cancelled while it %s ends alone',
    async (when) => {
      const controllers = paths.map(() => new AbortController());
      // Eight are a batch: the third is in the first one, the last is not.
      const chosen = when === 'waits' ? paths.length - 1 : 2;
      const runs = paths.map(async (path, i) => {
        const { signal } = controllers[i] ?? new AbortController();
        const events: RunEvent[] = [];
        const part = { type: 'all' } as const;
        for await (const event of engine.transcribe(path, part, runOptions(RECOGNISER), signal)) {
          events.push(event);
          if (i === 2 && event.type === 'ready') controllers[chosen]?.abort();
        }
        return outputsOf(events);
      });
      const results = await Promise.allSettled(runs);
      const alone = await oneByOne(paths, async (path) => outputsOf(await transcribe(path)));
      results.forEach((result, i) => {
        if (i === chosen) expect(result).toMatchObject({ reason: { code: 'CANCELLED' } });
        else expect(result).toMatchObject({ status: 'fulfilled', value: alone[i] });
      });
    },
  );

  test('all cancelled at once end, and the engine goes on', async () => {
    const controller = new AbortController();
    const options = runOptions(RECOGNISER);
    const runs = paths.map(async (path) => {
      const events = engine.transcribe(path, { type: 'all' }, options, controller.signal);
      for await (const _ of events) controller.abort();
    });
    for (const result of await Promise.allSettled(runs)) {
      expect(result).toMatchObject({ reason: { code: 'CANCELLED' } });
    }
    await engine.cancelledEnded();
    expect(outputsOf(await transcribe(paths[0] ?? '')).length).toBeGreaterThan(0);
  });

  test('for other settings or models wait for their turn', async () => {
    const [path = ''] = paths;
    const sentence = { index: 0, text: 'Yes.', input: 'Yes.', separator: '', translatable: true };
    const runs = [
      transcribe(path),
      Array.fromAsync(engine.translate([sentence], runOptions(TRANSLATOR), never)),
      transcribe(path, { search: { ...BEAMS } }),
      transcribe(path),
    ];
    const results = await Promise.all(runs);
    for (const events of results) expect(events.at(-1)).toMatchObject({ type: 'done' });
    expect(outputsOf(results[3] ?? [])).toEqual(outputsOf(results[0] ?? []));
  });

  test('every recording is written in its own language', async () => {
    const files = whisperReference.tiny.languages.slice(0, 6).map(({ file }) => file);
    const spoken = await oneByOne(files, async (file) =>
      folder.write(`${file.replaceAll('/', '-')}.wav`, wavBytes(await joinedSamples([file]))),
    );
    const search = { ...GREEDY_TEN };
    // Null: the model says which one it hears.
    const known = ['de', null, 'fr', 'de', null, 'fr'];
    const hear = (path: string, language: string | null = null) => {
      const options = runOptions(TINY_WHISPER, { search, detectedLanguage: language });
      return Array.fromAsync(engine.transcribe(path, { type: 'all' }, options, never));
    };
    const alone: RunEvent[][] = [];
    for (const [i, path] of spoken.entries()) alone.push(await hear(path, known[i]));
    const together = await Promise.all(spoken.map((path, i) => hear(path, known[i])));
    const heard = (all: readonly (readonly RunEvent[])[]) =>
      all.map((events) =>
        events.flatMap((event) => (event.type === 'language' ? [event.language] : [])),
      );
    expect(heard(together)).toEqual(heard(alone));
    expect(heard(together).map(({ length }) => length)).toEqual([0, 1, 0, 0, 1, 0]);
    expect(together.map(outputsOf)).toEqual(alone.map(outputsOf));
    const [german, , french] = await Promise.all(
      ['de', null, 'fr'].map((language) => hear(spoken[0] ?? '', language)),
    );
    expect(outputsOf(german ?? [])).not.toEqual(outputsOf(french ?? []));
  });
});

const RULES = {
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: 10,
};
const GREEDY_TEN = { strategy: 'greedy', ...RULES } as const;
const BEAMS = {
  strategy: 'beam',
  beams: 2,
  lengthPenalty: 1,
  earlyStopping: false,
  returnSequences: 1,
  ...RULES,
} as const;

describe('batches', () => {
  const models: Model<Float32Array>[] = [];
  afterAll(async () => {
    for (const model of models) await model.dispose();
  });

  /** Batches of a real model, and how many units each of them had. */
  async function batchesOf(dtype: 'fp32' | 'int8', size: number) {
    const directory = RECOGNISER;
    const model = await loadModel({
      directory,
      dtype,
      device: 'cpu',
      threads: 2,
      language: null,
    });
    if (model.task !== 'transcribe') throw new Error('Not a recogniser.');
    models.push(model);
    const sizes: number[] = [];
    const counted: Model<Float32Array> = {
      identity: model.identity,
      device: model.device,
      hiddenSize: model.hiddenSize,
      rowsStandAlone: model.rowsStandAlone,
      decodesPadding: model.decodesPadding,
      language: model.language,
      sourceLanguage: model.sourceLanguage,
      prepare: (inputs) => model.prepare(inputs),
      encode: (batch) => {
        sizes.push(dimension(batch.validMask, 0));
        return model.encode(batch);
      },
      decode: (encoded, options) => model.decode(encoded, options),
      text: (ids) => model.text(ids),
      dispose: () => model.dispose(),
    };
    const setup = {
      model: counted,
      proxy: null,
      memory: new PerturbationMemory(),
      alphas: [0],
      predictPerturbed: false,
      likeness: null,
      search: null,
      batchSize: null,
    };
    return { batches: new SharedBatches(setup, size), model: counted, sizes };
  }

  interface Tested extends BatchSource<Float32Array> {
    readonly outputs: DecodedInput[];
  }

  function sourceOf(
    inputs: readonly Float32Array[],
    model: Model<Float32Array>,
    more: Partial<BatchSource<Float32Array>> = {},
  ): Tested {
    let next = 0;
    const outputs: DecodedInput[] = [];
    return {
      cache: null,
      signal: never,
      stopwatch: new Stopwatch(),
      next: async (most) => {
        const some = inputs.slice(next, next + most);
        next += some.length;
        return some.map((samples, i) => ({ name: `${i}`, input: async () => samples }));
      },
      encoded: () => undefined,
      decoder: () => ({ decoder: model, key: '' }),
      partial: () => undefined,
      decoded: (some) => outputs.push(...some),
      outputs,
      ...more,
    };
  }

  const samples = async (count: number) =>
    Promise.all((await speechDev()).slice(0, count).map(({ path }) => readSamples(path)));

  const idsOf = ({ outputs }: Tested) => outputs.map(({ variants }) => variants[0]?.tokenIds);

  test('are filled in the order of the files', async () => {
    const { batches, model, sizes } = await batchesOf('fp32', 4);
    const inputs = await samples(9);
    const counts = [1, 5, 0, 2, 1];
    let at = 0;
    const sources = counts.map((count) => {
      at += count;
      return sourceOf(inputs.slice(at - count, at), model);
    });
    await Promise.all(sources.map((source) => batches.through(source)));
    expect(sizes).toEqual([4, 4, 1]);
    expect(sources.map(({ outputs }) => outputs.length)).toEqual(counts);
    const alone = sourceOf(inputs, model);
    await batches.through(alone);
    expect(sources.flatMap(idsOf)).toEqual(idsOf(alone));
  });

  test('in 8 bits are of one file each, whoever else waits', async () => {
    const { batches, model, sizes } = await batchesOf('int8', 4);
    const inputs = await samples(5);
    const sources = [inputs.slice(0, 1), inputs.slice(1)].map((own) => sourceOf(own, model));
    await Promise.all(sources.map((source) => batches.through(source)));
    expect(sizes).toEqual([1, 4]);
  });

  test('that fail for one file are decoded for the others', async () => {
    const { batches, model, sizes } = await batchesOf('fp32', 4);
    const inputs = await samples(3);
    const fault = new VeerError('OPTION_INVALID', 'The model gave no numbers.');
    const sources = inputs.map((input, i) =>
      sourceOf([input], model, {
        ...(i === 1 && {
          decoder: () => {
            throw fault;
          },
        }),
      }),
    );
    const results = await Promise.allSettled(sources.map((source) => batches.through(source)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: fault });
    expect(sources.map(({ outputs }) => outputs.length)).toEqual([1, 0, 1]);
    expect(sizes[0]).toBe(3);
  });
});
