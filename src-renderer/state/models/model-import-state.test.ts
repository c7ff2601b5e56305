import { expect, test, vi } from 'vitest';
import { TestApplication, TestBridge } from '../test-application.ts';
import { modelOf } from '../test-data.ts';
import { ModelImportState } from './model-import-state.svelte.ts';
import { ModelsState } from './models-state.svelte.ts';

const PATHS = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/encoder_model.onnx',
  'onnx/decoder_model_merged.onnx',
  'onnx/encoder_model_int8.onnx',
  'onnx/decoder_model_merged_int8.onnx',
  'model.safetensors',
];

function chosen(...paths: string[]) {
  return paths.map((path) => ({ path, file: new File(['12345'], path.split('/').pop() ?? '') }));
}

async function importing() {
  const app = new TestApplication();
  app.program.models = { models: [modelOf('whisper-tiny')], broken: [] };
  const bridge = new TestBridge(app.client);
  const models = new ModelsState(app.client);
  await models.load();
  return { app, bridge, models, imports: new ModelImportState(bridge, models) };
}

/** Lets every file through, in the order in which they come. */
async function grantAll(bridge: TestBridge, files: number): Promise<void> {
  for (let sent = 0; sent < files; sent += 1) {
    await vi.waitFor(() => expect(bridge.grants).toHaveLength(sent + 1));
    bridge.grants[sent]?.finish(crypto.randomUUID());
  }
}

test('what a model needs is sent under its path, tried, and listed', async () => {
  const { app, bridge, models, imports } = await importing();
  imports.choose('whisper-base', chosen(...PATHS));
  expect(imports).toMatchObject({ name: 'whisper-base', dtypes: ['fp32', 'int8'], bytes: 40 });
  imports.toggle('int8', false);
  const done = imports.start();
  expect(imports.stage).toEqual({ stage: 'sending', done: 0, total: 30 });
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  bridge.grants[0]?.options.onProgress(3, 5);
  expect(imports.stage).toEqual({ stage: 'sending', done: 3, total: 30 });
  await grantAll(bridge, 6);
  await done;
  expect(app.program.imported[0]?.name).toBe('whisper-base');
  expect(app.program.imported[0]?.files.map(({ path }) => path)).toEqual(PATHS.slice(0, 6));
  expect(imports.stage).toEqual({ stage: 'done', id: 'whisper-base' });
  expect(imports.folder).toBeNull();
  expect(models.find('whisper-base')?.origin).toBe('imported');
});

test('cancelling while a file is on its way asks for no import, and is no problem', async () => {
  const { app, bridge, imports } = await importing();
  imports.choose('whisper-base', chosen(...PATHS));
  const done = imports.start();
  await grantAll(bridge, 2);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(3));
  imports.cancel();
  await done;
  expect(app.program.imported).toEqual([]);
  expect(imports).toMatchObject({ stage: { stage: 'open' }, problem: null, running: false });
  // The choice stays, to be begun again.
  expect(imports.ready).toBe(true);
});

test('cancelling while the model is tried ends the call', async () => {
  const { app, bridge, models, imports } = await importing();
  app.program.holdsImports = true;
  imports.choose('whisper-base', chosen(...PATHS));
  const done = imports.start();
  await grantAll(bridge, 8);
  await vi.waitFor(() => expect(imports.stage).toEqual({ stage: 'checking', dtype: 'fp32' }));
  imports.cancel();
  await done;
  expect(imports).toMatchObject({ stage: { stage: 'open' }, problem: null });
  expect(models.find('whisper-base')).toBeNull();
});

test('what is wrong with the model is told, and the folder can be tried again', async () => {
  const { app, bridge, imports } = await importing();
  app.program.full = true;
  imports.choose('whisper-base', chosen(...PATHS));
  const done = imports.start();
  await grantAll(bridge, 8);
  await done;
  expect(imports.problem?.code).toBe('MODEL_FILE_DAMAGED');
  expect(imports.problemFile).toBeNull();
  expect(imports.ready).toBe(true);
});

test('a file that cannot be sent is named', async () => {
  const { bridge, imports } = await importing();
  bridge.grantFile = () => Promise.reject(new Error('gone'));
  imports.choose('whisper-base', chosen(...PATHS));
  await imports.start();
  expect(imports).toMatchObject({ problem: { code: 'UNREACHABLE' }, problemFile: 'config.json' });
});

test('a name that is taken, also by one that differs in case only, is refused before anything is sent', async () => {
  const { bridge, imports } = await importing();
  imports.choose('Whisper-Tiny', chosen(...PATHS));
  expect(imports).toMatchObject({ nameProblem: 'taken', ready: false });
  await imports.start();
  expect(bridge.grants).toHaveLength(0);
  imports.name = 'whisper tiny';
  expect(imports.nameProblem).toBe('invalid');
  imports.name = 'whisper-tiny-2';
  expect(imports).toMatchObject({ nameProblem: null, ready: true });
});

test('without a dtype, or without what every model needs, there is nothing to begin', async () => {
  const { imports } = await importing();
  imports.choose('whisper-base', chosen(...PATHS));
  imports.toggle('fp32', false);
  imports.toggle('int8', false);
  expect(imports.ready).toBe(false);
  imports.choose('recordings', chosen('a.wav', 'b.wav'));
  expect(imports.ready).toBe(false);
  expect(imports.folder?.missing).toContain('config.json');
});

test('of weights a model is made: only they are sent, with the dtypes that are wanted', async () => {
  const { app, bridge, imports } = await importing();
  const weights = ['config.json', 'model.safetensors', 'pytorch_model.bin', 'tokenizer.json'];
  imports.choose('models--openai--whisper-base', chosen(...weights));
  expect(imports).toMatchObject({ name: 'whisper-base', dtypes: ['int8', 'fp16'] });
  imports.toggle('fp16', false);
  imports.toggle('fp32', true);
  const done = imports.start();
  await grantAll(bridge, 3);
  await done;
  expect(app.program.imported[0]?.dtypes).toEqual(['int8', 'fp32']);
  const sent = app.program.imported[0]?.files.map(({ path }) => path);
  expect(sent).toEqual(['config.json', 'tokenizer.json', 'model.safetensors']);
});

test('a single file has its own name, without the ending', async () => {
  const { imports } = await importing();
  imports.choose('ggml-tiny.en.bin', chosen('ggml-tiny.en.bin'));
  expect(imports).toMatchObject({ name: 'ggml-tiny.en', ready: true });
  expect(imports.files.map(({ path }) => path)).toEqual(['ggml-tiny.en.bin']);
});

test('weights that can run code are refused before they are sent', async () => {
  const { imports } = await importing();
  imports.choose('old', chosen('config.json', 'pytorch_model.bin'));
  expect(imports.folder?.refused).toEqual({ kind: 'pickle', path: 'pytorch_model.bin' });
  expect(imports.ready).toBe(false);
});
