/** Bringing models in, showing and removing them. */

import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import { startVeer, TestFolder, UTTERANCE, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** Settings with a data folder of its own. */
function data(name: string) {
  return { dataHome: join(folder.path, name) };
}

function importedIn({ dataHome }: { readonly dataHome: string }): readonly string[] {
  const models = join(dataHome, 'veer', 'models');
  return existsSync(models) ? readdirSync(models) : [];
}

/** A checkpoint of Whisper as on the Hub, in the folder of the Hub's cache. */
function checkpoint(): string {
  const top = join(folder.path, 'models--somebody--whisper-small-one');
  const snapshot = join(top, 'snapshots', '0123456789abcdef');
  mkdirSync(join(top, 'refs'), { recursive: true });
  writeFileSync(join(top, 'refs', 'main'), '0123456789abcdef');
  cpSync(join(FIXTURES, 'checkpoints', 'whisper'), snapshot, {
    recursive: true,
    filter: (file) => !/(ctranslate2|ggml-.*|reference\.json)$/.test(file),
  });
  return top;
}

test('weights become a model that is listed, shown, used and removed', async () => {
  const settings = data('whole-way');
  const imported = await veer(['models', 'import', checkpoint(), '--dtype', 'fp32'], settings);
  expect(imported.stderr).toMatch(
    /^whisper-small-one: whisper \(safetensors\), .* MB; fp32, .* MB\n$/,
  );
  expect(imported.stdout).toMatch(/^whisper-small-one is imported and works: fp32, .* MB\n$/);
  expect(imported.code).toBe(0);
  expect(importedIn(settings)).toEqual(['whisper-small-one']);

  expect((await veer(['models'], settings)).stdout).toContain('whisper-small-one\n');
  const shown = await veer(['models', 'show', 'whisper-small-one'], settings);
  expect(shown.stdout).toMatch(
    /from safetensors\n {4}model\.safetensors \(.* MB, SHA-256 [0-9a-f]{64}\)/,
  );
  expect(shown.stdout).toContain('# whisper-small-one');
  const run = ['transcribe', UTTERANCE, '--model', 'whisper-small-one', '--language', 'en'];
  expect(await veer(run, settings)).toMatchObject({ code: 0 });

  const removed = await veer(['models', 'remove', 'whisper-small-one'], settings);
  expect(removed).toMatchObject({ code: 0, stdout: 'whisper-small-one is removed.\n' });
  expect(importedIn(settings)).toEqual([]);
}, 60_000);

test('a folder with graphs comes in as it is, under the name that is given, one dtype of it', async () => {
  const settings = data('graphs');
  const source = join(MODELS_DIRECTORY, TRANSLATORS[1]);
  const args = ['models', 'import', source, '--name', 'mine', '--dtype', 'int8'];
  expect(await veer(args, settings)).toMatchObject({ code: 0 });
  const graphs = readdirSync(join(settings.dataHome, 'veer', 'models', 'mine', 'onnx'));
  expect(graphs).toEqual(['decoder_model_merged_int8.onnx', 'encoder_model_int8.onnx']);
  const again = await veer(args, settings);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('[MODEL_EXISTS]') });
}, 60_000);

test.each([
  ['pickles', 'pytorch_model.bin', '\u0080\u0002}q\0.\0\0', 'safetensors'],
  ['no model', 'holiday.txt', 'Sun and sand.', 'What can be imported'],
])('%s: refused in a sentence, and nothing is kept', async (name, file, content, words) => {
  const settings = data(name);
  const path = join(folder.path, `folder of ${name}`);
  mkdirSync(path);
  writeFileSync(join(path, file), Buffer.from(content, 'latin1'));
  const outcome = await veer(['models', 'import', path], settings);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toContain(words);
  expect(outcome.stderr).toContain('[MODEL_FORMAT_UNSUPPORTED]');
  expect(importedIn(settings)).toEqual([]);
});

test('Ctrl-C ends an import, and nothing of it is kept', async () => {
  const settings = data('cancelled');
  const source = join(MODELS_DIRECTORY, RECOGNISERS[0]);
  const { child, outcome } = startVeer(['models', 'import', source, '--name', 'half'], settings);
  if (child.stderr !== null) await once(child.stderr, 'data');
  child.kill('SIGINT');
  const { code, stderr, stdout } = await outcome;
  expect(code).toBe(130);
  expect(stderr).toContain('Cancelled. Nothing of it was kept.');
  expect(stdout).toBe('');
  expect(importedIn(settings)).toEqual([]);
}, 60_000);

test('what came with Veer stays, and what is not there cannot be removed', async () => {
  const bundled = await veer(['models', 'remove', TRANSLATORS[0]], data('none'));
  expect(bundled).toMatchObject({ code: 2, stderr: expect.stringContaining('came with Veer') });
  const missing = await veer(['models', 'remove', 'nothing'], data('none'));
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('MODEL_NOT_FOUND') });
});
