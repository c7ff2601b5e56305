/** Importing and removing models, with copies of bundled ones and the real engine. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../../e2e/dev-inputs.ts';
import type { VeerError } from '../contract/errors.ts';
import { proxyManifestSchema } from '../contract/model-layout.ts';
import { type ImportEvent, importedFileSchema } from '../contract/model-list.ts';
import { EngineClient } from '../engine-client/engine-client.ts';
import { readModel } from '../model-store/list-models.ts';
import { Grants } from './grants.ts';
import type { ImportRequest } from './model-import.ts';
import { ModelLibrary } from './model-library.ts';
import { grantFolder } from './test-model-grants.ts';

const [, TRANSLATOR] = TRANSLATORS;
const [, RECOGNISER] = RECOGNISERS;
const never = new AbortController().signal;

let root: string;
let imported: string;
let grants: Grants;
let engines: EngineClient[];
let used: string | null;
let library: ModelLibrary;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-import-'));
  imported = join(root, 'data', 'models');
  grants = new Grants();
  engines = [];
  used = null;
  library = new ModelLibrary({
    bundled: [MODELS_DIRECTORY],
    imported,
    grants,
    version: '0.0.0-test',
    startEngine: () => {
      const engine = new EngineClient({ onCrash: 'fail' });
      engines.push(engine);
      return engine;
    },
    isInUse: (id) => id === used,
  });
});
afterEach(async () => {
  await library.close();
  rmSync(root, { recursive: true });
});

/** A copy of a bundled model that a test may spoil. */
function copyOf(model: string, spoil: (folder: string) => void = () => undefined): string {
  const folder = join(root, 'chosen', 'mine');
  cpSync(join(MODELS_DIRECTORY, model), folder, { recursive: true });
  spoil(folder);
  return folder;
}

/** The request for a folder, as a shell makes it. */
function requestFor(
  folder: string,
  { ownsFile = false, name = basename(folder) } = {},
): ImportRequest {
  return { name, files: grantFolder(grants, folder, ownsFile) };
}

function importAll(request: ImportRequest, signal = never): Promise<ImportEvent[]> {
  return Array.fromAsync(library.import(request, signal));
}

/** What it fails with; nothing may be left of it. */
async function failureOf(request: ImportRequest): Promise<VeerError> {
  const error = await importAll(request).then(
    () => {
      throw new Error('the import did not fail');
    },
    (failure: VeerError) => failure,
  );
  expect(left()).toEqual([]);
  expect(error.message).not.toContain(root);
  return error;
}

/** Everything in the folder of imported models. */
function left(): string[] {
  return existsSync(imported) ? readdirSync(imported) : [];
}

describe('importing', () => {
  test.each([TRANSLATOR, RECOGNISER])('%s comes in whole and is listed', async (model) => {
    const folder = copyOf(model);
    const events = await importAll(requestFor(folder));
    const copying = events.filter((event) => event.type === 'copying');
    const total = copying[0]?.total ?? 0;
    expect(copying[0]?.done).toBe(0);
    expect(copying.at(-1)).toMatchObject({ done: total, total });
    expect(copying.map(({ done }) => done)).toEqual(
      copying.map(({ done }) => done).toSorted((a, b) => a - b),
    );
    expect(events.slice(copying.length)).toEqual([
      { type: 'checking', dtype: 'fp32' },
      { type: 'checking', dtype: 'int8' },
      { type: 'done', model: expect.objectContaining({ id: 'mine', origin: 'imported' }) },
    ]);
    expect(left()).toEqual(['mine']);
    const { models } = await library.list();
    const original = models.find(({ id }) => id === model);
    expect(original?.origin).toBe('bundled');
    expect(models.find(({ id }) => id === 'mine')).toEqual({
      ...original,
      id: 'mine',
      origin: 'imported',
      bytes: total,
    });
    expect(await library.card('mine')).toBe(readFileSync(join(folder, 'README.md'), 'utf8'));
    expect(readFileSync(join(imported, 'mine', 'onnx', 'encoder_model.onnx'))).toEqual(
      readFileSync(join(folder, 'onnx', 'encoder_model.onnx')),
    );
    expect(engines.map(({ pid }) => pid)).toEqual([undefined]);
  });

  test.each(['nllb', 'marian-many', 'moonshine-masked'])(
    '%s, a family of its own',
    async (name) => {
      const folder = join(FIXTURES, 'families', name);
      const { dtypes } = await readModel(folder);
      const events = await importAll(requestFor(folder));
      expect(events.filter((event) => event.type !== 'copying')).toEqual([
        ...dtypes.map((dtype) => ({ type: 'checking', dtype })),
        { type: 'done', model: expect.objectContaining({ id: name, origin: 'imported' }) },
      ]);
      const graphs = readdirSync(join(folder, 'onnx'));
      expect(readdirSync(join(imported, name, 'onnx'))).toEqual(graphs);
    },
  );

  test('uploads move, and none of them is left', async () => {
    const folder = copyOf(TRANSLATOR);
    await importAll(requestFor(folder, { ownsFile: true }));
    const names = readdirSync(folder, { recursive: true, withFileTypes: true });
    expect(names.filter((entry) => entry.isFile())).toEqual([]);
    expect(left()).toEqual(['mine']);
  });

  test('a model without a card has none', async () => {
    const folder = copyOf(TRANSLATOR, (mine) => rmSync(join(mine, 'README.md')));
    await importAll(requestFor(folder));
    expect(await library.card('mine')).toBeNull();
    await expect(library.card('none')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('weights', () => {
  const CHECKPOINT = join(FIXTURES, 'checkpoints', 'whisper');

  /** A checkpoint that graphs are made of, with weights that nothing reads. */
  function weights(): string {
    const folder = join(root, 'chosen', 'mine');
    cpSync(CHECKPOINT, folder, {
      recursive: true,
      filter: (file) => !/(ctranslate2|ggml-.*|reference\.json)$/.test(file),
    });
    writeFileSync(join(folder, 'flax_model.msgpack'), 'weights of another program');
    return folder;
  }

  test.each([false, true])('become a model, from files of our own: %s', async (ownsFile) => {
    const folder = weights();
    const request = { ...requestFor(folder, { ownsFile }), dtypes: ['int8'] as const };
    const events = await importAll(request);
    expect(events.filter(({ type }) => type !== 'copying' && type !== 'converting')).toEqual([
      expect.objectContaining({ type: 'recognised', format: 'safetensors', dtypes: ['int8'] }),
      { type: 'checking', dtype: 'int8' },
      { type: 'done', model: expect.objectContaining({ id: 'mine', dtypes: ['int8'] }) },
    ]);
    expect(left()).toEqual(['mine']);
    expect(readdirSync(join(imported, 'mine'))).not.toContain('flax_model.msgpack');
    // What is a person's own is only read.
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(!ownsFile);
  });

  test('that are damaged leave nothing', async () => {
    const folder = weights();
    truncateSync(join(folder, 'model.safetensors'), 20_000);
    const { code, message } = await failureOf(requestFor(folder));
    expect(code).toBe('MODEL_FILE_DAMAGED');
    expect(message).toContain('model.safetensors');
  });

  test('named by paths, as on the command line, are not touched', async () => {
    const folder = weights();
    const request = { name: 'named', paths: [folder], dtypes: ['fp32'] as const };
    const events = await Array.fromAsync(library.importPaths(request, never));
    expect(events.at(-1)).toMatchObject({ type: 'done', model: { id: 'named' } });
    expect(left()).toEqual(['named']);
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(true);
  });

  test('what another process is importing is not cleared away', async () => {
    // Of process 1 nobody doubts that it runs.
    for (const name of ['.importing-1-abc', `.importing-${process.pid}-abc`]) {
      mkdirSync(join(imported, name), { recursive: true });
    }
    await library.clear();
    expect(left()).toEqual(process.platform === 'win32' ? [] : ['.importing-1-abc']);
  });
});

describe('a folder that is no good is refused, and nothing of it stays', () => {
  const cases: readonly [string, string, RegExp, (folder: string) => void][] = [
    [
      'without a decoder',
      'MODEL_FILE_MISSING',
      /mine has no onnx\/decoder_model_merged\.onnx/,
      (folder) => {
        rmSync(join(folder, 'onnx', 'decoder_model_merged.onnx'));
        rmSync(join(folder, 'onnx', 'decoder_model_merged_int8.onnx'));
      },
    ],
    [
      'without a tokenizer',
      'MODEL_FILE_MISSING',
      /mine has no tokenizer\.json/,
      (folder) => rmSync(join(folder, 'tokenizer.json')),
    ],
    [
      'of another family',
      'MODEL_FAMILY_UNSUPPORTED',
      /^mine is a "bert" model/,
      (folder) => writeFileSync(join(folder, 'config.json'), '{"model_type": "bert"}'),
    ],
    [
      'with a damaged config',
      'MODEL_CONFIG_INVALID',
      /^mine\/config\.json/,
      (folder) => truncateSync(join(folder, 'config.json'), 20),
    ],
    [
      'with a damaged generation config',
      'MODEL_CONFIG_INVALID',
      /^mine\/generation_config\.json .*not valid JSON/,
      (folder) => truncateSync(join(folder, 'generation_config.json'), 20),
    ],
    [
      'with an encoder that was cut short',
      'MODEL_FILE_DAMAGED',
      /^mine\/onnx\/encoder_model\.onnx cannot be opened/,
      (folder) => truncateSync(join(folder, 'onnx', 'encoder_model.onnx'), 100_000),
    ],
    [
      'without the weights beside a graph',
      'MODEL_FILE_MISSING',
      /encoder_model\.onnx keeps weights in encoder_model\.onnx_data/,
      (folder) => {
        rmSync(folder, { recursive: true });
        cpSync(join(FIXTURES, 'families', 'nllb'), folder, { recursive: true });
        rmSync(join(folder, 'onnx', 'encoder_model.onnx_data'));
      },
    ],
    [
      'with a decoder of the second dtype that was cut short',
      'MODEL_FILE_DAMAGED',
      /^mine\/onnx\/decoder_model_merged_int8\.onnx cannot be opened/,
      (folder) => truncateSync(join(folder, 'onnx', 'decoder_model_merged_int8.onnx'), 100_000),
    ],
    [
      'with the tokenizer of another model',
      'TOKENIZER_MISMATCH',
      /tokenizer in mine does not fit/,
      (folder) =>
        cpSync(
          join(MODELS_DIRECTORY, RECOGNISER, 'tokenizer.json'),
          join(folder, 'tokenizer.json'),
        ),
    ],
    [
      'with a manifest of a proxy that cannot be read',
      'PROXY_INVALID',
      /^mine\/proxies\/chrf-attention\/proxy\.json/,
      (folder) => truncateSync(join(folder, 'proxies', 'chrf-attention', 'proxy.json'), 20),
    ],
    [
      'with a proxy that was cut short',
      'PROXY_INVALID',
      /^mine\/proxies\/chrf-attention\/proxy\.onnx/,
      (folder) => truncateSync(join(folder, 'proxies', 'chrf-attention', 'proxy.onnx'), 1000),
    ],
    [
      'with a proxy that was measured on other weights',
      'PROXY_ENCODER_UNLISTED',
      /chrf-attention was not measured on the fp32 encoder of mine/,
      (folder) => {
        const path = join(folder, 'proxies', 'chrf-attention', 'proxy.json');
        const manifest = proxyManifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
        for (const encoder of Object.values(manifest.encoders)) encoder.sha256 = '0'.repeat(64);
        writeFileSync(path, JSON.stringify(manifest));
      },
    ],
  ];
  test.each(cases)('%s', async (_, code, message, spoil) => {
    const error = await failureOf(requestFor(copyOf(TRANSLATOR, spoil)));
    expect(error).toMatchObject({ name: 'VeerError', code });
    expect(error.message).toMatch(message);
    expect(engines.every(({ pid }) => pid === undefined)).toBe(true);
  });

  test('where the engine dies of it', async () => {
    const request = requestFor(copyOf(TRANSLATOR));
    const failed = failureOf(request);
    await vi.waitFor(() => expect(engines[0]?.pid).toBeGreaterThan(0), { timeout: 10_000 });
    process.kill(engines[0]?.pid ?? 0, 'SIGKILL');
    const error = await failed;
    expect(error.code).toBe('ENGINE_CRASHED');
    expect(error.message).toMatch(/encoder_model\.onnx and its decoder of mine/);
  });

  test('with a file that was never granted; uploads that came with it go too', async () => {
    const folder = copyOf(TRANSLATOR);
    const { name, files } = requestFor(folder, { ownsFile: true });
    const unknown = { path: 'extra.json', grantId: '00000000-0000-4000-8000-000000000000' };
    const error = await failureOf({ name, files: [...files, unknown] });
    expect(error.code).toBe('GRANT_UNKNOWN');
    expect(existsSync(join(folder, 'config.json'))).toBe(false);
  });

  test('with a file that is gone, or that is named twice', async () => {
    const folder = copyOf(TRANSLATOR);
    const request = requestFor(folder);
    rmSync(join(folder, 'config.json'));
    const error = await failureOf(request);
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(error.message).toMatch(/^config\.json /);
    const twice = [...requestFor(folder).files, ...requestFor(folder).files];
    expect(await failureOf({ name: 'mine', files: twice })).toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  test.each(['../config.json', 'onnx/../../x', '/etc/passwd', 'a//b', './a', 'a\\b', 'a/', ''])(
    'the contract has no path %j',
    (path) => {
      const grantId = '00000000-0000-4000-8000-000000000000';
      expect(importedFileSchema.safeParse({ path, grantId }).success).toBe(false);
      expect(importedFileSchema.safeParse({ path: 'onnx/..a', grantId }).success).toBe(true);
    },
  );
});

describe('a name that is taken is refused', () => {
  const taken = (name: string) =>
    importAll(requestFor(copyOf(TRANSLATOR), { name })).then(
      () => null,
      ({ code, message }: VeerError) => ({ code, message }),
    );

  test('by a bundled model, also in other letters, or by an imported one', async () => {
    await importAll(requestFor(copyOf(TRANSLATOR), { name: 'Mine' }));
    const cases = [
      [TRANSLATOR, TRANSLATOR],
      [TRANSLATOR.toUpperCase(), TRANSLATOR],
      ['Mine', 'Mine'],
      ['mINE', 'Mine'],
    ] as const;
    for (const [name, existing] of cases) {
      const error = await taken(name);
      expect(error?.code).toBe('MODEL_EXISTS');
      expect(error?.message).toContain(`“${existing}”`);
    }
    expect(left()).toEqual(['Mine']);
  });

  test('by an import at the same time: the first one comes in', async () => {
    const folder = copyOf(TRANSLATOR);
    const [first, second] = await Promise.allSettled([
      importAll(requestFor(folder)),
      importAll(requestFor(folder, { name: 'MINE' })),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'MODEL_EXISTS' } });
    expect(left()).toEqual(['mine']);
  });
});

test('a model that another program brought in meanwhile stays, and is what the refusal names', async () => {
  let isThere = false;
  const bringIn = async () => {
    for await (const event of library.import(requestFor(copyOf(TRANSLATOR)), never)) {
      if (isThere || event.type !== 'checking') continue;
      isThere = true;
      cpSync(join(MODELS_DIRECTORY, TRANSLATOR), join(imported, 'mine'), { recursive: true });
    }
  };
  await expect(bringIn()).rejects.toMatchObject({ code: 'MODEL_EXISTS' });
  expect(left()).toEqual(['mine']);
});

describe('an import that is stopped leaves nothing', () => {
  test.each(['copying', 'checking'] as const)('by its signal while %s', async (type) => {
    const folder = copyOf(TRANSLATOR);
    const cancel = new AbortController();
    const events = library.import(requestFor(folder, { ownsFile: true }), cancel.signal);
    const watched = (async () => {
      for await (const event of events) if (event.type === type) cancel.abort();
    })();
    await expect(watched).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(left()).toEqual([]);
    expect(existsSync(join(folder, 'config.json'))).toBe(false);
    expect(engines.every(({ pid }) => pid === undefined)).toBe(true);
  });

  test('by a reader that leaves', async () => {
    for await (const event of library.import(requestFor(copyOf(TRANSLATOR)), never)) {
      if (event.type === 'checking') break;
    }
    expect(left()).toEqual([]);
  });

  test('by the end of the program', async () => {
    const events = library.import(requestFor(copyOf(TRANSLATOR)), never);
    await events.next();
    await library.close();
    expect(left()).toEqual([]);
    await expect(Array.fromAsync(events)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('by a crash of the program: the next start clears it, and it is never listed', async () => {
    for (const name of ['.importing-1', '.removed-1']) {
      cpSync(join(MODELS_DIRECTORY, TRANSLATOR), join(imported, name), { recursive: true });
    }
    mkdirSync(join(imported, 'kept'));
    const { models, broken } = await library.list();
    expect([...models, ...broken].filter(({ id }) => id.startsWith('.'))).toEqual([]);
    await library.clear();
    expect(left()).toEqual(['kept']);
  });
});

describe('removing', () => {
  test('takes an imported model away, and its name is free again', async () => {
    const folder = copyOf(TRANSLATOR);
    await importAll(requestFor(folder));
    const { models } = await library.remove('mine');
    expect(models.map(({ id }) => id)).not.toContain('mine');
    expect(left()).toEqual([]);
    await importAll(requestFor(folder));
    expect(left()).toEqual(['mine']);
  });

  test('takes a broken one away too', async () => {
    mkdirSync(join(imported, 'mine'), { recursive: true });
    writeFileSync(join(imported, 'mine', 'config.json'), '{');
    expect((await library.list()).broken.map(({ id }) => id)).toEqual(['mine']);
    expect((await library.remove('mine')).broken).toEqual([]);
  });

  test('leaves bundled models, and what a job needs', async () => {
    mkdirSync(join(imported, 'mine'), { recursive: true });
    await expect(library.remove(TRANSLATOR)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('came with Veer and stays'),
    });
    for (const id of ['other', '..', '.', '../models/mine']) {
      await expect(library.remove(id)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    }
    used = 'mine';
    await expect(library.remove('mine')).rejects.toMatchObject({ code: 'JOB_STATE' });
    expect(left()).toEqual(['mine']);
  });
});
