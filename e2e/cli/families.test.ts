/** Other families than those of the bundled models, from the outside. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resultSchema } from '../../src-main/contract/result.ts';
import { FIXTURES } from '../dev-inputs.ts';
import { UTTERANCE, veer } from './test-veer.ts';

const family = (name: string) => join(FIXTURES, 'families', name);
const nllb = ['translate', '-', '--model', family('nllb'), '--format', 'json'];
const input = 'Guten Tag. Wie geht es?';

it('a model of many languages writes the one and reads the one that are asked for', async () => {
  const outcome = await veer([...nllb, '--language', 'zh-TW', '--source-language', 'de'], {
    input,
  });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const result = resultSchema.parse(JSON.parse(outcome.stdout));
  expect(result).toMatchObject({ language: 'zh-Hant', sourceLanguage: 'de' });
  expect(result.segments.map(({ source }) => source)).toEqual(['Guten Tag.', 'Wie geht es?']);
  for (const { variants } of result.segments) expect(variants[0]?.text).not.toBe('');
});

it('says what is missing where it cannot know a language', async () => {
  const unsaid = await veer(nllb, { input });
  expect(unsaid.stderr).toMatch(/several languages.*--language de.*\[LANGUAGE_UNSUPPORTED\]/);
  const same = await veer([...nllb, '--language', 'en'], { input });
  expect(same.stderr).toMatch(/--source-language.*\[LANGUAGE_UNSUPPORTED\]/);
  expect([unsaid.code, same.code]).toEqual([2, 2]);
});

it('a recogniser that takes samples as they are writes down a file', async () => {
  const args = ['transcribe', UTTERANCE, '--model', family('moonshine'), '--format', 'json'];
  const { segments } = resultSchema.parse(JSON.parse((await veer(args)).stdout));
  expect(segments).toHaveLength(1);
  expect(segments[0]?.variants[0]?.tokenIds.length).toBeGreaterThan(0);
});
