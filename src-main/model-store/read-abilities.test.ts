import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIXTURES } from '../../e2e/dev-inputs.ts';
import { modelsReport } from '../cli/list-commands.ts';
import { readModel } from './list-models.ts';
import { makeModel, modelsFolder, PAIR } from './test-model-folders.ts';

const OWN = ['encoder_model.onnx', 'decoder_cross.onnx', 'decoder_step.onnx'];
const ALIGNMENT = 'decoder_alignment.onnx';
const HEADS = { no_timestamps_token_id: 9, alignment_heads: [[1, 0]] };
const SEVERAL = {
  is_multilingual: true,
  lang_to_id: { '<|de|>': 7, '<|en|>': 8 },
  task_to_id: { translate: 5, transcribe: 6 },
};

async function abilities(files: readonly string[], generation: object, family = 'whisper') {
  const root = modelsFolder();
  makeModel(root, 'model', files, { model_type: family });
  writeFileSync(join(root, 'model', 'generation_config.json'), JSON.stringify(generation));
  return (await readModel(join(root, 'model'))).speech;
}

test('a Whisper has what its generation config names', async () => {
  expect(await abilities(PAIR, {})).toEqual({
    timestamps: false,
    wordTimes: 'no',
    detectsLanguage: false,
    toEnglish: false,
    windowSeconds: null,
  });
  expect(await abilities(PAIR, { ...HEADS, ...SEVERAL })).toMatchObject({
    timestamps: true,
    wordTimes: 'graphs',
    detectsLanguage: true,
    toEnglish: true,
  });
  const english = await abilities(PAIR, { ...SEVERAL, is_multilingual: false });
  expect(english).toMatchObject({ detectsLanguage: false, toEnglish: false });
});

test.each([
  [[...OWN, ALIGNMENT], HEADS, 'yes'],
  [OWN, HEADS, 'no'],
  [[...OWN, ALIGNMENT], {}, 'no'],
  [
    [...OWN, ALIGNMENT, 'encoder_model_int8.onnx', 'decoder_model_merged_int8.onnx'],
    HEADS,
    'graphs',
  ],
])('word times of %j with %j: %s', async (files, generation, wordTimes) => {
  expect(await abilities(files, generation)).toMatchObject({ wordTimes });
});

test('nothing is said of a translator, nor by a generation config that is wrong', async () => {
  expect(await abilities(PAIR, HEADS, 't5')).toBeNull();
  expect(await abilities(PAIR, { alignment_heads: 3 })).toBeNull();
});

test('a family that cannot does not, whatever its folder says; a window is that of the preprocessor', async () => {
  expect(await abilities(PAIR, { ...HEADS, ...SEVERAL }, 'moonshine')).toMatchObject({
    timestamps: false,
    wordTimes: 'no',
    toEnglish: false,
  });
  const folder = join(FIXTURES, 'families', 'whisper-multilingual');
  expect((await readModel(folder)).speech).toMatchObject({ windowSeconds: 2 });
});

test('no line of the list is wider than 100 characters but for paths', async () => {
  const report = await modelsReport([join(FIXTURES, 'families')]);
  const wide = report.split('\n').filter((line) => [...line].length > 100);
  expect(wide.filter((line) => !line.startsWith('  folder '))).toEqual([]);
  expect(report).toMatch(/\n {2}translates +into English\n {2}window +2 s\n/);
});
