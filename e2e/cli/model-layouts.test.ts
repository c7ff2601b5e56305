/** Model folders in the layouts that people have: the same texts as from the bundled folder. */

import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS, SAMPLES_DIRECTORY } from '../dev-inputs.ts';
import { ModelCopy } from './test-model-copies.ts';
import { errorCodes, TestFolder, UTTERANCE, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
/** "Four zero seven one." */
const DIGITS = join(SAMPLES_DIRECTORY, 'recorded-digits.en.flac');
const SOURCE = join(MODELS_DIRECTORY, RECOGNISERS[1]);

/** Moves every graph beside config.json. */
function besideConfig({ path }: ModelCopy): void {
  for (const file of readdirSync(join(path, 'onnx'))) {
    renameSync(join(path, 'onnx', file), join(path, file));
  }
}

/** Links as the libraries of the Hub make them; returns the top folder. */
function cached(name: string): string {
  const top = join(folder.path, name, 'models--acme--tiny');
  cpSync(SOURCE, join(top, 'blobs'), { recursive: true });
  const snapshot = join(top, 'snapshots', 'abc');
  for (const file of readdirSync(SOURCE)) {
    mkdirSync(dirname(join(snapshot, file)), { recursive: true });
    if (file !== 'onnx') symlinkSync(`../../blobs/${file}`, join(snapshot, file));
  }
  mkdirSync(join(snapshot, 'onnx'));
  for (const file of readdirSync(join(SOURCE, 'onnx'))) {
    symlinkSync(`../../../blobs/onnx/${file}`, join(snapshot, 'onnx', file));
  }
  folder.write(join(name, 'models--acme--tiny', 'refs', 'main'), 'abc');
  return top;
}

interface Layout {
  readonly what: string;
  readonly change: (model: ModelCopy) => void;
  readonly dtype?: string;
}

const layouts: readonly Layout[] = [
  { what: 'graphs beside config.json', change: besideConfig },
  {
    what: 'processor_config.json alone',
    change: (model) => {
      const text = readFileSync(join(model.path, 'preprocessor_config.json'), 'utf8');
      model.remove('preprocessor_config.json');
      const processor = {
        feature_extractor: JSON.parse(text),
        processor_class: 'WhisperProcessor',
      };
      folder.write(
        join(model.path.slice(folder.path.length), 'processor_config.json'),
        JSON.stringify(processor),
      );
    },
  },
  {
    what: 'neither generation_config.json nor tokenizer_config.json',
    change: (model) => model.remove('generation_config.json', 'tokenizer_config.json'),
  },
  {
    what: 'architectures in the place of model_type',
    change: (model) =>
      model.changeJson('config.json', (config) => {
        delete config['model_type'];
      }),
  },
  {
    what: 'an fp32 encoder and an int8 decoder',
    dtype: 'fp32+int8',
    change: (model) =>
      model.remove('onnx/encoder_model_int8.onnx', 'onnx/decoder_model_merged.onnx'),
  },
];

/** With a proxy, which belongs to the encoder. */
async function transcribe(model: string, dtype: string | null = null) {
  const asked = dtype === null ? [] : ['--dtype', dtype];
  const options = ['--alpha', '0,0.05', '--format', 'json'];
  const outcome = await veer(['transcribe', '--model', model, ...asked, ...options, DIGITS]);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const { model: used, segments } = JSON.parse(outcome.stdout);
  const variants: readonly { tokenIds: readonly number[] }[] = segments[0].variants;
  return { used, tokens: variants.map(({ tokenIds }) => tokenIds) };
}

describe.concurrent('a recogniser with', () => {
  it.each(layouts)('$what writes what it always did', async ({ what, change, dtype = 'fp32' }) => {
    const model = new ModelCopy(SOURCE, join(folder.path, what));
    change(model);
    const mine = await transcribe(model.path);
    expect(mine.used).toMatchObject({ id: what, dtype });
    expect(mine.tokens).toEqual((await transcribe(SOURCE, dtype)).tokens);
  });
});

it('the top folder of a model in the cache of the Hub is the model', async () => {
  const { used } = await transcribe(cached('cache'));
  expect(used).toMatchObject({ id: 'tiny', dtype: 'fp32' });
});

it('a link out of the folder of the cache is refused', async () => {
  const top = cached('left');
  const link = join(top, 'snapshots', 'abc', 'notes.txt');
  symlinkSync(UTTERANCE, link);
  const outcome = await veer(['transcribe', '--model', top, UTTERANCE]);
  expect(errorCodes(outcome.stderr)).toEqual({ '': 'MODEL_FILE_DAMAGED' });
  expect(outcome.stderr).toContain(link);
});

it('a dtype that a folder has for one half only is refused with those that it has', async () => {
  const outcome = await veer(['transcribe', '--model', SOURCE, '--dtype', 'fp32+q4', UTTERANCE]);
  expect(errorCodes(outcome.stderr)).toEqual({ '': 'DTYPE_UNAVAILABLE' });
  expect(outcome.stderr).toMatch(/no fp32\+q4 files\. It has: fp32, int8/);
});
