import { expect, test } from 'vitest';
import { frame as german } from '../../i18n/de/frame.ts';
import { frame as english } from '../../i18n/en/frame.ts';
import { formats } from '../../i18n/formats.ts';
import { modelOf } from '../../state/test-data.ts';
import { abilities } from './abilities.ts';

const translator = modelOf('mt', {
  task: 'translate',
  directions: [
    { source: 'en', target: 'de' },
    { source: 'de', target: 'en' },
  ],
});

test('the models at hand are told as sentences, each language once', () => {
  const models = [modelOf('asr-m'), modelOf('asr-s'), translator];
  expect(abilities(models, english.start, formats('en'))).toEqual([
    'Listens to English.',
    'Translates English → German and German → English.',
  ]);
  expect(abilities(models, german.start, formats('de'))).toEqual([
    'Versteht Englisch.',
    'Übersetzt Englisch → Deutsch und Deutsch → Englisch.',
  ]);
});

test('nothing is promised that no model can do', () => {
  expect(abilities([translator], english.start, formats('en'))).toHaveLength(1);
  expect(abilities([], english.start, formats('en'))).toEqual([]);
});

test('of many languages only the first are read', () => {
  const directions = ['en', 'de', 'fr', 'it', 'es', 'pt', 'nl', 'pl'].map((language) => ({
    source: language,
    target: language,
  }));
  const [sentence] = abilities([modelOf('big', { directions })], english.start, formats('en'));
  expect(sentence).toBe(
    'Listens to English, German, French, Italian, Spanish, Portuguese, and 2 more.',
  );
});
