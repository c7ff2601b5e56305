import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY, TRANSLATORS } from '../../../e2e/dev-inputs.ts';
import type { Dtype } from '../../contract/devices.ts';
import { type ConvertEvent, importRecordSchema } from '../../contract/model-import.ts';
import { readModel } from '../../model-store/list-models.ts';
import { convertModel } from './convert-model.ts';
import { zipOf } from './test-zip.ts';

const WHISPER = join(FIXTURES, 'checkpoints', 'whisper');
const [, TRANSLATOR] = TRANSLATORS;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-convert-'));
  mkdirSync(join(root, 'work'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function convert(
  path: string,
  name: string,
  dtypes: readonly Dtype[] | null,
  signal = new AbortController().signal,
): Promise<readonly ConvertEvent[]> {
  const events: ConvertEvent[] = [];
  const input = {
    paths: [path],
    workDirectory: join(root, 'work'),
    directory: join(root, name),
    dtypes: dtypes === null ? null : [...dtypes],
    version: '1.2.3',
  };
  await convertModel({ input, emit: (event) => events.push(event), signal });
  return events;
}

/** The checkpoint as people have it, with files that nothing reads. */
function huggingFace(): string {
  const path = join(root, 'source');
  cpSync(WHISPER, path, {
    recursive: true,
    filter: (file) => !/(ctranslate2|ggml-.*|reference\.json)$/.test(file),
  });
  writeFileSync(join(path, 'flax_model.msgpack'), 'weights of another program');
  writeFileSync(join(path, 'README.md'), '---\nlicense: mit\n---\n# Tiny\n\nOf random weights.\n');
  writeFileSync(join(path, 'LICENSE'), 'Do what you like.');
  return path;
}

function ctranslate2(): string {
  const path = join(root, 'source-ct2');
  cpSync(join(WHISPER, 'ctranslate2'), path, { recursive: true });
  cpSync(join(WHISPER, 'tokenizer.json'), join(path, 'tokenizer.json'));
  return path;
}

test('a checkpoint becomes a model folder: configs, graphs, licence, card and record, and nothing else', async () => {
  const source = huggingFace();
  const events = await convert(source, 'tiny', ['fp32', 'int8']);
  const weights = readFileSync(join(source, 'model.safetensors'));
  expect(events[0]).toMatchObject({
    type: 'recognised',
    format: 'safetensors',
    family: 'whisper',
    dtypes: ['fp32', 'int8'],
    sourceBytes: weights.length,
  });
  const folder = join(root, 'tiny');
  expect(readdirSync(folder).sort()).toEqual([
    'LICENSE',
    'README.md',
    'config.json',
    'generation_config.json',
    'import.json',
    'onnx',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  const model = await readModel(folder);
  expect(model).toMatchObject({ family: 'whisper', dtypes: ['fp32', 'int8'] });
  const record = importRecordSchema.parse(
    JSON.parse(readFileSync(join(folder, 'import.json'), 'utf8')),
  );
  const sha256 = createHash('sha256').update(weights).digest('hex');
  expect(record).toMatchObject({
    sourceFormat: 'safetensors',
    version: '1.2.3',
    sourceFiles: [{ name: 'model.safetensors', bytes: weights.length, sha256 }],
  });
  const card = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(card).toContain(sha256);
  expect(card).toContain('Of random weights.');
  expect(card).not.toContain('license: mit');
});

test('what was announced is what is written, and progress never goes back', async () => {
  const events = await convert(huggingFace(), 'tiny', null);
  const [recognised] = events;
  const written = readdirSync(join(root, 'tiny', 'onnx')).reduce(
    (sum, name) => sum + statSync(join(root, 'tiny', 'onnx', name)).size,
    0,
  );
  expect(recognised).toMatchObject({ dtypes: ['fp16', 'int8'] });
  const announced = recognised?.type === 'recognised' ? recognised.bytes : 0;
  expect(Math.abs(announced - written)).toBeLessThan(0.01 * written);
  const done = events.flatMap((event) => (event.type === 'converting' ? [event.done] : []));
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(events.at(-1)?.type).toBe('converted');
});

test('the same weights as safetensors and as CTranslate2 give the same graphs, byte for byte', async () => {
  await convert(huggingFace(), 'one', ['fp32']);
  rmSync(join(root, 'work'), { recursive: true });
  mkdirSync(join(root, 'work'));
  await convert(ctranslate2(), 'other', ['fp32']);
  const names = readdirSync(join(root, 'one', 'onnx'));
  expect(readdirSync(join(root, 'other', 'onnx'))).toEqual(names);
  for (const name of names) {
    const [one, other] = ['one', 'other'].map((model) =>
      readFileSync(join(root, model, 'onnx', name)),
    );
    expect(one?.equals(other ?? Buffer.alloc(0)), name).toBe(true);
  }
});

test('what CTranslate2 does not say of Whisper is derived, and said', async () => {
  const events = await convert(ctranslate2(), 'tiny', ['fp32']);
  expect(events.at(-1)).toMatchObject({ notes: [expect.stringMatching(/derived/)] });
  const read = (model: string, file: string): unknown =>
    JSON.parse(readFileSync(join(model, file), 'utf8'));
  const folder = join(root, 'tiny');
  expect(read(folder, 'generation_config.json')).toMatchObject({
    decoder_start_token_id: 477,
    eos_token_id: 476,
    is_multilingual: true,
    lang_to_id: { '<|de|>': 479, '<|en|>': 478, '<|fr|>': 480 },
    no_timestamps_token_id: 486,
    alignment_heads: [
      [0, 1],
      [1, 0],
      [1, 3],
    ],
  });
  expect(read(folder, 'preprocessor_config.json')).toMatchObject({
    n_samples: 32_000,
    feature_size: 80,
  });
});

test('a checkpoint without its last two configs gets those that its weights and tokens say', async () => {
  const source = huggingFace();
  for (const file of ['generation_config.json', 'preprocessor_config.json'])
    rmSync(join(source, file));
  const events = await convert(source, 'tiny', ['fp32']);
  expect(events.at(-1)).toMatchObject({
    notes: [
      'generation_config.json was derived from the other files.',
      'preprocessor_config.json was derived from config.json.',
    ],
  });
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(root, 'tiny', file), 'utf8'));
  expect(read('generation_config.json')).toMatchObject({ no_timestamps_token_id: 486 });
  expect(read('preprocessor_config.json')).toMatchObject({ n_samples: 32_000 });
});

test('of a zip with graphs what Veer reads is kept as it is', async () => {
  const model = join(MODELS_DIRECTORY, TRANSLATOR);
  const names = [
    'config.json',
    'generation_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ];
  const graphs = ['onnx/encoder_model_int8.onnx', 'onnx/decoder_model_merged_int8.onnx'];
  const entries = [...names, ...graphs].map((name) => ({
    name: `top/${name}`,
    content: readFileSync(join(model, name)),
  }));
  const zip = join(root, 'model.zip');
  writeFileSync(zip, zipOf([...entries, { name: 'top/pytorch_model.bin', content: 'unread' }]));
  // The page of models asks for the usual ones, since it does not see into an archive.
  const events = await convert(zip, 'mine', ['int8', 'fp16']);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'recognised', format: 'onnx', dtypes: ['int8'] }),
  );
  expect(existsSync(join(root, 'mine', 'pytorch_model.bin'))).toBe(false);
  const [graph = ''] = graphs;
  expect(readFileSync(join(root, 'mine', graph)).equals(readFileSync(join(model, graph)))).toBe(
    true,
  );
});

test.each<readonly [string, () => string, readonly Dtype[], string]>([
  ['a dtype that is not made', huggingFace, ['bnb4'], 'DTYPE_UNAVAILABLE'],
  [
    'a dtype that a folder with graphs lacks',
    () => join(MODELS_DIRECTORY, TRANSLATOR),
    ['q4'],
    'DTYPE_UNAVAILABLE',
  ],
  ['a path that is not there', () => join(root, 'nothing'), ['fp32'], 'FILE_NOT_FOUND'],
])('%s is named', async (_, source, dtypes, code) => {
  await expect(convert(source(), 'tiny', dtypes)).rejects.toMatchObject({ code });
});

test('an archive without a model is named as a person knows it', async () => {
  const zip = join(root, 'holiday.zip');
  writeFileSync(zip, zipOf([{ name: 'a.txt', content: 'Sun.' }]));
  const refused = convert(zip, 'tiny', ['fp32']);
  await expect(refused).rejects.toThrow(/^holiday\.zip holds no model/);
});

test('a cancel ends it', async () => {
  const signal = AbortSignal.abort();
  await expect(convert(huggingFace(), 'tiny', ['fp32'], signal)).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
