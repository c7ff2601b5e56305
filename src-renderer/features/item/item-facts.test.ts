import { expect, test } from 'vitest';
import { formats } from '../../i18n/formats.ts';
import { detailOf } from '../../state/test-data.ts';
import { itemFacts, languagesOf } from './item-facts.ts';

const en = formats('en');

test('one line says length, model, languages and date', () => {
  const { item, runs } = detailOf({ settings: { ...settings(), model: 'm' } });
  expect(itemFacts({ ...item, duration: 65 }, runs[0] ?? null, en)).toEqual([
    '1:05',
    'm',
    'English → German',
    en.moment(0),
  ]);
  expect(itemFacts(item, null, en)).toEqual([en.moment(0)]);
});

test('a language that is written as it was spoken is named once', () => {
  const [run = null] = detailOf({ language: 'en', sourceLanguage: 'en' }).runs;
  expect(languagesOf(run, en)).toEqual(['English']);
  const [unknown = null] = detailOf({ language: null, sourceLanguage: null }).runs;
  expect(languagesOf(unknown, en)).toEqual([]);
});

test('before a run has begun, the languages are those asked for', () => {
  const asked = { ...settings(), language: 'fr', sourceLanguage: 'de' };
  const [run = null] = detailOf({ language: null, sourceLanguage: null, settings: asked }).runs;
  expect(languagesOf(run, en)).toEqual(['German → French']);
});

function settings() {
  const [run] = detailOf().runs;
  if (run === undefined) throw new Error('There is a run.');
  return run.settings;
}
