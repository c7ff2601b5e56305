import { expect, test } from 'vitest';
import { isModelName, modelName, readFolder } from './model-folder.ts';

const CONFIGS = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];
/** The others can be made up for. */
const NEEDED = ['config.json', 'tokenizer.json'];
const FP32 = ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx'];

const files = (...paths: string[]) => paths.map((path) => ({ path, bytes: 10 }));
const pathsOf = (all: readonly { readonly path: string }[]) => all.map(({ path }) => path).sort();

test('a folder as on the Hub: configs, card, proxies and graphs come along', () => {
  const kept = [
    ...CONFIGS,
    'README.md',
    'vocab.json',
    'proxies/wer/proxy.onnx',
    'proxies/wer/proxy.json',
  ];
  const folder = readFolder(files(...kept, ...FP32));
  expect(pathsOf(folder.shared)).toEqual(kept.toSorted());
  expect(folder.dtypes).toMatchObject([{ dtype: 'fp32', bytes: 20 }]);
  expect(folder.leftOut).toEqual([]);
  expect(folder.missing).toEqual([]);
});

test.each([
  '.gitattributes',
  '.git/objects/ab/cd',
  'onnx/.DS_Store',
  'model.safetensors',
  'pytorch_model.bin',
  'flax_model.msgpack',
  'tf_model.h5',
  'images/plot.PNG',
  'onnx/decoder_model.onnx',
  'decoder_model.onnx',
  'onnx/decoder_with_past_model_q4.onnx',
])('%s is left out', (path) => {
  expect(pathsOf(readFolder(files(...CONFIGS, ...FP32, path)).leftOut)).toEqual([path]);
});

test('each dtype has its own graphs, with the weights that lie beside them', () => {
  const q4 = ['onnx/encoder_model_q4.onnx', 'onnx/decoder_model_merged_q4.onnx'];
  const q4f16 = q4.map((path) => path.replace('q4', 'q4f16'));
  const data = ['onnx/encoder_model.onnx_data', 'onnx/encoder_model.onnx_data_1'];
  const { dtypes } = readFolder(files(...CONFIGS, ...FP32, ...data, ...q4, ...q4f16));
  expect(dtypes.map((each) => [each.dtype, pathsOf(each.files)])).toEqual([
    ['fp32', [...FP32, ...data].sort()],
    ['q4', q4.toSorted()],
    ['q4f16', q4f16.toSorted()],
  ]);
});

test('graphs may lie beside config.json, and a decoder may be in two files', () => {
  const beside = ['encoder_model.onnx', 'decoder_model.onnx', 'decoder_with_past_model.onnx'];
  const own = ['encoder_model.onnx', 'decoder_cross.onnx', 'decoder_step.onnx'];
  for (const graphs of [beside, own, own.map((file) => `onnx/${file}`)]) {
    const folder = readFolder(files(...NEEDED, ...graphs));
    expect(folder.missing).toEqual([]);
    expect(folder.dtypes.map((each) => pathsOf(each.files))).toEqual([graphs.toSorted()]);
    expect(pathsOf(folder.shared)).toEqual(NEEDED);
  }
});

test('encoder and decoder of different dtypes are a pair where no dtype has both', () => {
  const pair = ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged_int8.onnx'];
  const { dtypes } = readFolder(files(...NEEDED, ...pair));
  expect(dtypes).toMatchObject([{ dtype: 'fp32+int8', bytes: 20 }]);
});

test('a dtype of which one graph is missing or empty is none', () => {
  const half = files(...CONFIGS, ...FP32, 'onnx/encoder_model_int8.onnx');
  const empty = { path: 'onnx/decoder_model_merged_int8.onnx', bytes: 0 };
  const folder = readFolder([...half, empty]);
  expect(folder.dtypes.map(({ dtype }) => dtype)).toEqual(['fp32']);
  expect(pathsOf(folder.leftOut)).toEqual([
    'onnx/decoder_model_merged_int8.onnx',
    'onnx/encoder_model_int8.onnx',
  ]);
});

test('empty files are left out, and missed where they are needed', () => {
  const folder = readFolder([
    ...files(...CONFIGS.slice(1), ...FP32),
    { path: 'config.json', bytes: 0 },
    { path: 'LICENSE', bytes: 0 },
  ]);
  expect(pathsOf(folder.leftOut)).toEqual(['LICENSE', 'config.json']);
  expect(folder.missing).toEqual(['config.json']);
});

test('a folder that holds the model one level below lacks everything', () => {
  const below = [...CONFIGS, ...FP32].map((path) => `whisper-tiny/${path}`);
  const { missing } = readFolder(files(...below));
  expect(missing.toSorted()).toEqual([...NEEDED, ...FP32].sort());
});

test('a folder without a model in it lacks everything too', () => {
  expect(readFolder([]).missing).toHaveLength(4);
});

test.each([
  ['whisper-base', 'whisper-base'],
  ['My model (2)', 'My-model-2-'],
  ['_opus.mt', 'opus.mt'],
  ['Modell für Übung', 'Modell-f-r-bung'],
  ['???', ''],
])('the folder %j becomes %j', (folder, name) => {
  expect(modelName(folder)).toBe(name);
  expect(isModelName(name)).toBe(name !== '');
});
