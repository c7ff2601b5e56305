import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isArchive, recogniseSource } from './recognise-source.ts';
import { zipOf } from './test-zip.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'veer-recognise-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const SAFETENSORS = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]);
const CTRANSLATE2 = Buffer.from('\u0006\0\0\0\u000c\0WhisperSpec\0', 'latin1');
const GGML = Buffer.concat([Buffer.from([0x6c, 0x6d, 0x67, 0x67]), Buffer.alloc(44)]);
const MARIAN = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(16)]);
const PICKLE = Buffer.from([0x80, 2, 0x7d, 0x71, 0, 0x2e, 0, 0]);
const NPZ = zipOf([{ name: 'Wemb.npy', content: 'x' }]);

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const GRAPHS = {
  'config.json': '{"model_type": "t5"}',
  'onnx/encoder_model.onnx': 'graph of it',
  'onnx/decoder_model_merged.onnx': 'graph of it',
};

test.each([
  ['a folder with graphs', GRAPHS, 'onnx', null],
  ['one with weights too', { ...GRAPHS, 'model.safetensors': SAFETENSORS }, 'onnx', null],
  [
    'safetensors',
    { 'config.json': '{}', 'model.safetensors': SAFETENSORS, 'pytorch_model.bin': PICKLE },
    'safetensors',
    'model.safetensors',
  ],
  [
    'shards, by their index',
    {
      'config.json': '{}',
      'model.safetensors.index.json': '{}',
      'model-00001-of-00002.safetensors': SAFETENSORS,
      'model-00002-of-00002.safetensors': SAFETENSORS,
    },
    'safetensors',
    'model.safetensors.index.json',
  ],
  ['CTranslate2', { 'model.bin': CTRANSLATE2, 'vocabulary.txt': 'a' }, 'ctranslate2', 'model.bin'],
  ['ggml of any name', { 'speech.bin': GGML }, 'ggml', 'speech.bin'],
  ['Marian', { 'model.npz': NPZ, 'vocab.spm': 'spm' }, 'marian', 'model.npz'],
  [
    'Firefox',
    { 'model.ende.intgemm.alphas.bin': MARIAN, 'vocab.ende.spm': 'spm' },
    'marian',
    'model.ende.intgemm.alphas.bin',
  ],
  [
    'an Argos package, unpacked to a folder in a folder',
    { 'translate-en_de/metadata.json': '{}', 'translate-en_de/model/model.bin': CTRANSLATE2 },
    'argos',
    'model/model.bin',
  ],
])('%s is recognised', async (_, files, format, weights) => {
  expect(await recogniseSource(folder({ ...files }), false)).toMatchObject({ format, weights });
});

test.each([
  ['pickles', { 'config.json': '{}', 'pytorch_model.bin': PICKLE }, /safetensors/],
  ['pickles in parts', { 'pytorch_model.bin.index.json': '{"weight_map":{}}' }, /safetensors/],
  ['GGUF', { 'whisper.gguf': 'GGUF\u0003\0\0\0' }, /whisper\.gguf is a GGUF file/],
  ['several models', { 'a.bin': GGML, 'b.bin': GGML }, /a\.bin, b\.bin/],
  ['nothing of the kind', { 'holiday.txt': 'some text' }, /What can be imported/],
])('%s: refused, with what to do', async (_, files, message) => {
  await expect(recogniseSource(folder({ ...files }), false)).rejects.toMatchObject({
    code: 'MODEL_FORMAT_UNSUPPORTED',
    message: expect.stringMatching(message),
  });
});

test.each(['model.safetensors', 'model.bin'])(
  'what Git LFS left in place of %s: refused, with what to do',
  async (name) => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 1\n';
    const files = { 'config.json': '{}', [name]: pointer };
    await expect(recogniseSource(folder(files), false)).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining('git lfs pull'),
    });
  },
);

test('a file that is named chooses among several, and brings its folder along', async () => {
  const path = folder({ 'a.bin': GGML, 'b.bin': GGML, 'README.md': 'card' });
  const source = await recogniseSource(join(path, 'b.bin'), true);
  expect(source).toMatchObject({ format: 'ggml', weights: 'b.bin', directory: path });
  expect([...source.files.keys()]).toContain('README.md');
});

test('safetensors without a config are no model', async () => {
  const path = folder({ 'model.safetensors': SAFETENSORS });
  await expect(recogniseSource(join(path, 'model.safetensors'), true)).rejects.toMatchObject({
    code: 'MODEL_FILE_MISSING',
  });
});

test('an archive is told from files that are archives inside', async () => {
  const path = folder({
    'model.zip': zipOf([{ name: 'config.json', content: '{}' }]),
    'weights.npz': NPZ,
    'old.pt': zipOf([{ name: 'archive/data.pkl', content: 'x' }]),
    'new.bin': zipOf([{ name: `${'long-'.repeat(30)}/data.pkl`, content: 'x' }]),
  });
  expect(await isArchive(join(path, 'model.zip'))).toBe(true);
  expect(await isArchive(join(path, 'weights.npz'))).toBe(false);
  expect(await isArchive(join(path, 'old.pt'))).toBe(false);
  expect(await isArchive(join(path, 'new.bin'))).toBe(false);
});

test('what only begins like an archive is no error of ours', async () => {
  const path = folder({ 'cut.zip': 'PK\u0003\u0004 cut' });
  expect(await isArchive(join(path, 'cut.zip'))).toBe(true);
});
