/** Files that are run together, over the real engine. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS, speechDev, TRANSLATORS } from '../../e2e/dev-inputs.ts';
import type { Result } from '../contract/result.ts';
import { TestFolder } from '../engine/audio/test-files.ts';
import { EngineClient, type EngineEvent } from '../engine-client/engine-client.ts';
import { FilesAhead } from './files-ahead.ts';
import type { FileRunContext, PlannedFile } from './run-file.ts';
import { planRun } from './run-options.ts';

let engine: EngineClient<'restart'>;
let files: readonly PlannedFile[];
/** Paths, or first sentences of texts, in the order in which the engine was asked for them. */
let asked: string[];
/** How each of them ended, in the order in which they did. */
let ends: ('whole' | 'cancelled')[];

beforeEach(async () => {
  asked = [];
  ends = [];
  engine = new EngineClient({ onCrash: 'restart' });
  const flags = { model: RECOGNISERS[1], device: 'cpu', threads: 2 } as const;
  const plan = await planRun(flags, 'transcribe', [MODELS_DIRECTORY], 'plain');
  files = (await speechDev())
    .slice(0, 20)
    .map(({ path }) => ({ path, task: 'transcribe', plan }) as const);
});
afterEach(() => engine.close());

/** @param onEvent hears every event of every file */
function contextWith(
  onEvent: (path: string, event: EngineEvent) => void = () => undefined,
): FileRunContext {
  const transcribe: FileRunContext['engine']['transcribe'] = async function* (path, ...rest) {
    asked.push(path);
    try {
      for await (const event of engine.transcribe(path, ...rest)) {
        onEvent(path, event);
        yield event;
      }
      ends.push('whole');
    } catch (error) {
      ends.push('cancelled');
      throw error;
    }
  };
  return {
    engine: {
      transcribe,
      translate: (sentences, ...rest) => {
        asked.push(sentences[0]?.text ?? '');
        return engine.translate(sentences, ...rest);
      },
    },
    streams: process,
    stdin: process.stdin,
    signal: new AbortController().signal,
    measurements: async () => [],
  };
}

const textsOf = ({ segments }: Result) => segments.map(({ variants }) => variants[0]?.text);

async function allTexts(ahead: FilesAhead, count: number) {
  const found: unknown[] = [];
  for (let position = 0; position < count; position++) {
    const text = ahead.result(position, () => undefined).then(textsOf);
    found.push(await text.catch((error: { readonly code: string }) => error.code));
  }
  return found;
}

test('sixteen are asked for at once, and one more with each that is told of', async () => {
  using ahead = new FilesAhead(files, contextWith());
  await ahead.result(0, () => undefined);
  expect(asked).toEqual(files.slice(0, 16).map(({ path }) => path));
  await ahead.result(1, () => undefined);
  expect(asked).toEqual(files.slice(0, 17).map(({ path }) => path));
});

test('those that ask for something else are not started before', async () => {
  const [first, second, ...others] = files;
  if (first === undefined || second === undefined) throw new Error('No files.');
  const other = { ...second, plan: { ...second.plan } };
  using ahead = new FilesAhead([first, other, ...others], contextWith());
  await ahead.result(0, () => undefined);
  expect(asked).toEqual([first.path]);
});

test('a long text waits for its turn', async () => {
  using folder = new TestFolder();
  const flags = { model: TRANSLATORS[1], device: 'cpu', threads: 2 } as const;
  const plan = await planRun(flags, 'translate', [MODELS_DIRECTORY], 'plain');
  const long = 'We have many apples. '.repeat(4000);
  const texts = ['Yes.', 'No.', long, 'Perhaps.'].map((text, i) => {
    return { path: folder.write(`${i}.txt`, text), task: 'translate', plan } as const;
  });
  using ahead = new FilesAhead(texts, contextWith());
  await ahead.result(0, () => undefined);
  expect(asked).toEqual(['Yes.', 'No.']);
  await ahead.result(1, () => undefined);
  expect(asked).toEqual(['Yes.', 'No.']);
  await ahead.result(2, () => undefined);
  expect(asked).toHaveLength(4);
});

test('a file that crashes the engine fails alone', async () => {
  const some = files.slice(0, 5);
  using undisturbed = new FilesAhead(some, contextWith());
  const texts = await allTexts(undisturbed, some.length);
  const poison = some[2]?.path;
  using ahead = new FilesAhead(
    some,
    contextWith((path, { type }) => {
      if (path === poison && type === 'ready') process.kill(engine.pid ?? 0, 'SIGKILL');
    }),
  );
  expect(await allTexts(ahead, some.length)).toEqual(texts.with(2, 'ENGINE_CRASHED'));
});

test('what nobody asks for any more is ended', async () => {
  {
    using ahead = new FilesAhead(files, contextWith());
    await ahead.result(0, () => undefined);
  }
  await expect.poll(() => ends.length, { timeout: 5000 }).toBe(asked.length);
  expect(ends.filter((end) => end === 'cancelled').length).toBeGreaterThanOrEqual(8);
});
