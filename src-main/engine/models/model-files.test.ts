/** The files of a model: in other number formats, in two decoders, and with weights beside a graph. */

import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { GREEDY } from '../../contract/search.ts';
import { readModel } from '../../model-store/list-models.ts';
import { unknownInput } from './decoder-caches.ts';
import { loadModel } from './factory.ts';
import { decodeInputs, FAMILY_FOLDERS, loadFamily, readReference } from './test-families.ts';

/** A copy of a family's folder that a test may spoil. */
function copyOf(name: string): string {
  const root = mkdtempSync(join(tmpdir(), 'veer-family-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = join(root, name);
  cpSync(join(FAMILY_FOLDERS, name), folder, { recursive: true });
  return folder;
}

function load(directory: string) {
  const options = { dtype: 'fp32', device: 'cpu', threads: 1 } as const;
  return loadModel({
    directory,
    ...options,
    language: basename(directory) === 'nllb' ? 'de' : null,
  });
}

test('float16 in and out gives what another program makes of the same files', async () => {
  const reference = await readReference('bart');
  const model = await loadFamily('bart', reference, 'fp16');
  const outputs = await decodeInputs(model, reference, GREEDY);
  await model.dispose();
  const same = outputs.filter(({ tokenIds }, i) => `${tokenIds}` === `${reference.fp16?.[i]}`);
  // Two tokens often have one and the same logit there, and which is taken is anybody's choice.
  expect(same.length).toBeGreaterThanOrEqual(17);
});

test('a folder lists the formats that are whole, merged or split', async () => {
  const dtypes = async (name: string) => (await readModel(join(FAMILY_FOLDERS, name))).dtypes;
  expect(await dtypes('bart')).toEqual(['fp32', 'fp16']);
  expect(await dtypes('marian')).toEqual(['fp32', 'int8']);
  expect(await dtypes('m2m100')).toEqual(['fp32', 'q4']);
  expect(await dtypes('mt5')).toEqual(['fp32']);
});

test('half of a split decoder says which file is missing', async () => {
  const folder = copyOf('mt5');
  rmSync(join(folder, 'onnx', 'decoder_with_past_model.onnx'));
  const missing = {
    code: 'MODEL_FILE_MISSING',
    message: expect.stringMatching(/no onnx\/decoder_with_past_model\.onnx/),
  };
  await expect(load(folder)).rejects.toMatchObject(missing);
  await expect(readModel(folder)).rejects.toMatchObject(missing);
});

test('a decoder without caches, or with an input that nobody gives, is refused', async () => {
  const folder = copyOf('mt5');
  const onnx = (file: string) => join(folder, 'onnx', `${file}.onnx`);
  cpSync(onnx('decoder_model'), onnx('decoder_with_past_model'));
  await expect(load(folder)).rejects.toMatchObject({
    code: 'MODEL_FILE_DAMAGED',
    message: expect.stringMatching(/decoder_with_past_model\.onnx .*takes no caches/),
  });
  const inputNames = ['input_ids', 'past_key_values.0.decoder.key', 'num_logits_to_keep'];
  expect(unknownInput({ inputNames })).toBe('num_logits_to_keep');
  expect(unknownInput({ inputNames: inputNames.slice(0, 2) })).toBeUndefined();
});

test('weights beside a graph belong to it: they are hashed, and named where they are missing', async () => {
  const folder = copyOf('nllb');
  const [original, moved] = [await load(join(FAMILY_FOLDERS, 'nllb')), await load(folder)];
  expect(moved.identity).toEqual(original.identity);
  await Promise.all([original.dispose(), moved.dispose()]);

  appendFileSync(join(folder, 'onnx', 'encoder_model.onnx_data'), 'more');
  const longer = await load(folder);
  expect(longer.identity.encoderSha256).not.toBe(original.identity.encoderSha256);
  expect(longer.identity.decoderSha256).toBe(original.identity.decoderSha256);
  await longer.dispose();

  rmSync(join(folder, 'onnx', 'decoder_model_merged.onnx_data'));
  await expect(load(folder)).rejects.toMatchObject({
    code: 'MODEL_FILE_MISSING',
    message: expect.stringMatching(
      /decoder_model_merged\.onnx keeps weights in decoder_model_merged\.onnx_data, which is not there/,
    ),
  });
});
