/** The directions of the translators: which words go before the text, and what they are called. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODELS_DIRECTORY, TRANSLATORS } from '../../../../e2e/dev-inputs.ts';
import { Tokenizer } from '../../text/tokenizer.ts';
import { loadModel } from '../factory.ts';
import type { TextModel } from '../model.ts';

async function load(directory: string, language: string | null): Promise<TextModel> {
  const options = { directory, dtype: 'int8', device: 'cpu', threads: 2, language } as const;
  const model = await loadModel(options);
  if (model.task !== 'translate') throw new Error(`${directory} has no translator.`);
  return model;
}

test.each(
  TRANSLATORS.flatMap((id) => [
    { id, language: null, source: 'en', target: 'de', task: 'translation_en_to_de' },
    { id, language: 'de-CH', source: 'en', target: 'de', task: 'translation_en_to_de' },
    { id, language: 'en', source: 'de', target: 'en', task: 'translation_de_to_en' },
  ]),
)('$id for language $language', async ({ id, language, source, target, task }) => {
  const directory = join(MODELS_DIRECTORY, id);
  const read = async (file: string) => JSON.parse(await readFile(join(directory, file), 'utf8'));
  const config = await read('config.json');
  const tokenizer = new Tokenizer({
    tokenizer: await read('tokenizer.json'),
    config: await read('tokenizer_config.json'),
    vocabSize: config.vocab_size,
    endOfTextIds: [config.eos_token_id],
    directory,
  });
  const model = await load(directory, language);
  expect(model).toMatchObject({ language: target, sourceLanguage: source });
  const { feeds } = model.prepare(['Berlin, 1989.']);
  const prefix: string = config.task_specific_params[task].prefix;
  expect(prefix).toMatch(/^translate \w+ to \w+: $/);
  const ids = [...(feeds['input_ids']?.data ?? [])].map(Number);
  expect(ids).toEqual(tokenizer.encode(`${prefix}Berlin, 1989.`));
  await model.dispose();
});

test.each(TRANSLATORS)('%s refuses other languages and names its own', async (id) => {
  await expect(load(join(MODELS_DIRECTORY, id), 'fr')).rejects.toMatchObject({
    code: 'LANGUAGE_UNSUPPORTED',
    message: expect.stringMatching(/"fr".*de, en/),
  });
});
