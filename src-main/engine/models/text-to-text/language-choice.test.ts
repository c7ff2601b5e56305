/** Which languages the families take, and what they tell the model of them, in their tiny folders. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTokenizer } from '../factory.ts';
import { openModelFolder } from '../model-folder.ts';
import { FAMILY_FOLDERS } from '../test-families.ts';
import { bart } from './bart.ts';
import { m2m100 } from './m2m100.ts';
import { marian } from './marian.ts';
import { mbart } from './mbart.ts';
import { t5 } from './t5.ts';
import { t5gemma } from './t5gemma.ts';
import type { LanguageRequest } from './text-family.ts';

const MAKERS = {
  t5,
  t5gemma,
  marian,
  'marian-many': marian,
  m2m100,
  nllb: m2m100,
  bart,
  mbart50: mbart,
};
type Name = keyof typeof MAKERS;

async function made(name: Name, target: string | null, source: string | null) {
  const folder = await openModelFolder(join(FAMILY_FOLDERS, name), 'fp32');
  const tokenizer = openTokenizer(folder);
  const idOf = (token: string) => tokenizer.tokenId(token);
  return { family: MAKERS[name](folder, tokenizer, { target, source }), idOf };
}

test.each([
  ['nllb', 'zh-TW', null, 'en', 'zh-Hant', 'eng_Latn', 'zho_Hant'],
  ['nllb', 'de', 'fr-CA', 'fr', 'de', 'fra_Latn', 'deu_Latn'],
  ['nllb', 'deu_Latn', 'zho_Hans', 'zh', 'de', 'zho_Hans', 'deu_Latn'],
  ['nllb', 'no', 'ps', 'ps', 'nb', 'pbt_Arab', 'nob_Latn'],
  ['m2m100', 'fr', 'de', 'de', 'fr', '__de__', '__fr__'],
  ['mbart50', 'pt-BR', null, 'en', 'pt', 'en_XX', 'pt_XX'],
] as const)('%s to %s from %s', async (name, target, source, read, written, before, first) => {
  const { family, idOf } = await made(name, target, source);
  expect(family).toMatchObject({ language: written, sourceLanguage: read });
  expect(family.frame).toEqual({ before: [idOf(before)], after: [idOf('</s>')] });
  expect(family.prompt).toEqual([idOf('</s>')]);
  expect(family.generation.forced_bos_token_id).toBe(idOf(first));
});

test('mBART-25 has its languages at the other end, and starts with the one to write', async () => {
  const folder = await openModelFolder(join(FAMILY_FOLDERS, 'mbart50'), 'fp32');
  const tokenizer = openTokenizer(folder);
  const older = { ...folder, tokenizerConfig: { tokenizer_class: 'MBartTokenizer' } };
  const family = mbart(older, tokenizer, { target: 'de', source: 'ro' });
  const idOf = (token: string) => tokenizer.tokenId(token);
  expect(family.frame).toEqual({ before: [], after: [idOf('</s>'), idOf('ro_RO')] });
  expect(family.prompt).toEqual([idOf('de_DE')]);
  expect(family.generation.forced_bos_token_id).toBeNull();
});

test('Marian says the target in front of the text, where the model has several', async () => {
  const { family, idOf } = await made('marian-many', 'pt', 'en-GB');
  expect(family).toMatchObject({ language: 'pt-BR', sourceLanguage: 'en-GB' });
  expect(family.frame).toEqual({ before: [idOf('>>pt_BR<<')], after: [idOf('</s>')] });
  const { family: single } = await made('marian', null, null);
  expect(single).toMatchObject({ language: 'de', sourceLanguage: 'en' });
  expect(single.frame.before).toEqual([]);
});

test('a model that was made for one target language takes that', async () => {
  const folder = await openModelFolder(join(FAMILY_FOLDERS, 'mbart50'), 'fp32');
  const tokenizer = openTokenizer(folder);
  const forced_bos_token_id = tokenizer.tokenId('en_XX') ?? null;
  const one = { ...folder, generation: { ...folder.generation, forced_bos_token_id } };
  const request: LanguageRequest = { target: null, source: 'de' };
  expect(mbart(one, tokenizer, request)).toMatchObject({ language: 'en', sourceLanguage: 'de' });
});

test.each([
  ['nllb', 'xx', null, /nllb does not write "xx".*and \d+ more/],
  ['nllb', 'de', 'xx', /nllb does not read "xx"/],
  ['nllb', null, null, /writes several languages.*--language/],
  ['nllb', 'en', null, /must be told which language it reads.*--source-language/],
  ['marian-many', null, null, /writes several languages/],
  ['marian-many', 'de', null, /does not write "de".*fr, es, pt-BR, it, ro/],
  ['marian', 'fr', null, /writes "de" only/],
  ['bart', 'de', null, /does not state its languages/],
  ['t5gemma', null, 'de', /does not state its languages/],
  ['t5', 'es', null, /does not write "es".*de, fr/],
  ['t5', 'de', 'it', /does not read "it".*en/],
] as const)('%s to %s from %s is refused', async (name, target, source, message) => {
  await expect(made(name, target, source)).rejects.toMatchObject({
    code: 'LANGUAGE_UNSUPPORTED',
    message: expect.stringMatching(message),
  });
});
