import { expect, test } from 'vitest';
import { formats } from '../../i18n/formats.ts';
import { directionOptions, sourceOptions } from './direction-options.ts';

const to = (...targets: readonly string[]) => targets.map((target) => ({ source: 'en', target }));
const words = formats('en');

test('a few directions keep the order of the models', () => {
  expect(directionOptions(to('fr', 'de'), words).map(({ value }) => value)).toEqual([
    'en>fr',
    'en>de',
  ]);
});

test('many are in the order of their names', () => {
  const many = to('zh', 'fr', 'de', 'it', 'es', 'pt', 'nl', 'pl', 'sv', 'da', 'fi', 'ace-Arab');
  const options = directionOptions(many, words);
  expect(options.map(({ label }) => label)).toEqual(
    options.map(({ label }) => label).toSorted((a, b) => a.localeCompare(b, 'en')),
  );
  expect(options[0]?.value).toBe('en>ace-Arab');
  expect(new Set(options.map(({ value }) => value)).size).toBe(many.length);
});

test('where the source is said elsewhere, the language to write is enough', () => {
  expect(directionOptions(to('fr', 'de'), words, 'en')).toEqual([
    { value: 'en>fr', label: 'French' },
    { value: 'en>de', label: 'German' },
  ]);
});

test('languages to read are in the order of their names', () => {
  const options = sourceOptions(['fr', 'de', 'zh-Hant'], words);
  expect(options.map(({ label }) => label)).toEqual(['French', 'German', 'Traditional Chinese']);
});
