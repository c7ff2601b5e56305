/** The languages that the tiny folders of the families state. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FIXTURES } from '../../e2e/dev-inputs.ts';
import { modelsReport } from '../cli/list-commands.ts';
import { listModels, readModel } from './list-models.ts';

const FOLDERS = join(FIXTURES, 'families');

async function directionsOf(directory: string): Promise<readonly string[]> {
  const { directions } = await readModel(directory);
  return directions.map(({ source, target }) => `${source}>${target}`);
}

test.each([
  ['t5', ['en>de', 'en>fr']],
  ['mt5', []],
  ['t5gemma', []],
  ['bart', []],
  ['marian', ['en>de']],
  ['marian-many', ['en>fr', 'en>es', 'en>pt-BR', 'en>it', 'en>ro']],
  ['moonshine', []],
  ['whisper-multilingual', ['en>en', 'de>de', 'fr>fr']],
])('%s', async (name, expected) => {
  expect((await directionsOf(join(FOLDERS, name))).toSorted()).toEqual(expected.toSorted());
});

test('a model of many languages has one direction for each, from the one that it reads by itself', async () => {
  const directions = await directionsOf(join(FOLDERS, 'nllb'));
  expect(directions).toHaveLength(201);
  expect(directions.every((each) => each.startsWith('en>'))).toBe(true);
  expect(directions).toEqual(
    expect.arrayContaining(['en>de', 'en>zh', 'en>zh-Hant', 'en>ks-Deva']),
  );
  expect(directions).not.toContain('en>en');
  expect(await directionsOf(join(FOLDERS, 'm2m100'))).toHaveLength(99);
  expect(await directionsOf(join(FOLDERS, 'mbart50'))).toHaveLength(51);
});

test('such a model can be told to read any of them; others have nothing to be told', async () => {
  const sourcesOf = async (name: string) => (await readModel(join(FOLDERS, name))).sources;
  expect(await sourcesOf('nllb')).toHaveLength(200);
  expect(await sourcesOf('nllb')).toEqual(expect.arrayContaining(['en', 'zh-Hant']));
  expect(await sourcesOf('mbart50')).toHaveLength(52);
  for (const name of ['t5', 'bart', 'marian-many', 'whisper-multilingual']) {
    expect(await sourcesOf(name), name).toEqual([]);
  }
});

test('a group of languages to read is undetermined', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'veer-directions-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(FOLDERS, 'marian'), folder, { recursive: true });
  const config = join(folder, 'tokenizer_config.json');
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace('"source_lang": "en"', '"source_lang": "ROMANCE"'));
  expect(await directionsOf(folder)).toEqual(['und>de']);
  // It is read again when it changes.
  rmSync(config);
  expect(await directionsOf(folder)).toEqual([]);
});

test('every family is listed, and long lists of languages are counted', async () => {
  const models = await listModels([FOLDERS]);
  expect(models.filter((model) => 'problem' in model)).toEqual([]);
  const report = await modelsReport([FOLDERS]);
  expect(report).toMatch(/m2m_100\n +languages +200 languages; reads en where/);
  expect(report).toMatch(/t5\n +languages +en → de, fr\n/);
  expect(report).toMatch(/marian\n +languages +en → fr, es, pt-BR, it, ro\n/);
});
