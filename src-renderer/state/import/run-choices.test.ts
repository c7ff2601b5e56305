import { expect, test } from 'vitest';
import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src-main/contract/settings.ts';
import { ModelsState } from '../models/models-state.svelte.ts';
import { SettingsState } from '../settings/settings-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { jobOf, modelOf } from '../test-data.ts';
import { RunChoices } from './run-choices.svelte.ts';

const OPEN = { alphas: null, choice: 'plain' } as const;

const translator = (id: string, ...directions: readonly string[]) =>
  modelOf(id, {
    task: 'translate',
    directions: directions.map((each) => {
      const [source = '', target = ''] = each.split('>');
      return { source, target };
    }),
  });

function choicesOf(
  task: 'transcribe' | 'translate',
  models: ListedModel[],
  set: Partial<Settings> = {},
) {
  const { client } = new TestApplication();
  const list = new ModelsState(client);
  list.list = { models, broken: [] };
  const settings = new SettingsState(client);
  settings.current = { ...DEFAULT_SETTINGS, ...set };
  return new RunChoices(task, list, settings);
}

const names = ({ models }: RunChoices) => models.map(({ id }) => id);

test('both directions of a model are choices, and the language to write follows', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de', 'de>en')]);
  expect(choices.directions).toHaveLength(2);
  expect(choices.settings(OPEN)).toMatchObject({ model: 'mt', language: 'de' });
  choices.chooseDirection('de>en');
  expect(choices.settings(OPEN)).toMatchObject({ model: 'mt', language: 'en' });
});

test('a direction brings a model that can do it', () => {
  const choices = choicesOf('translate', [
    translator('german', 'en>de', 'de>en'),
    translator('french', 'en>fr'),
  ]);
  choices.chooseModel('german');
  choices.chooseDirection('en>fr');
  expect(names(choices)).toEqual(['french']);
  expect(choices.settings(OPEN).model).toBe('french');
  choices.chooseDirection('de>en');
  expect(choices.model?.id).toBe('german');
});

test('the model of the settings is taken, with its first direction', () => {
  const models = [translator('german', 'en>de'), translator('french', 'en>fr', 'fr>en')];
  const choices = choicesOf('translate', models, { translateModel: 'french' });
  expect(choices.settings(OPEN)).toMatchObject({ model: 'french', language: 'fr' });
  expect(choices.modelIsChosen).toBe(false);
  choices.chooseDirection('en>de');
  expect(choices.model?.id).toBe('german');
});

test('a recognizer of one language is not told which; one of several is', () => {
  const single = choicesOf('transcribe', [modelOf('asr')]);
  expect(single.settings(OPEN)).toMatchObject({ model: 'asr', language: null });
  const spoken = ['en', 'de'].map((language) => ({ source: language, target: language }));
  const several = choicesOf('transcribe', [modelOf('asr'), modelOf('big', { directions: spoken })]);
  several.chooseDirection('de>de');
  expect(several.settings(OPEN)).toMatchObject({ model: 'big', sourceLanguage: 'de' });
  several.chooseDirection('en>en');
  several.chooseModel('big');
  const big = { model: 'big', language: null };
  expect(several.settings(OPEN)).toMatchObject({ ...big, sourceLanguage: 'en' });
  // Left open: it is detected.
  several.chooseDirection(null);
  expect(several.settings(OPEN)).toMatchObject({ ...big, sourceLanguage: null });
});

test('of recordings nobody has to say the language, and what was said of a run is taken over', () => {
  const spoken = ['en', 'de'].map((language) => ({ source: language, target: language }));
  const choices = choicesOf('transcribe', [modelOf('asr'), modelOf('big', { directions: spoken })]);
  expect([choices.direction, choices.model?.id]).toEqual([null, 'asr']);
  const run = { ...jobOf().settings, task: 'transcribe', model: 'big' } as const;
  choices.adopt({ ...run, sourceLanguage: 'de' });
  expect(choices.settings(OPEN)).toMatchObject({ language: null, sourceLanguage: 'de' });
  choices.adopt({ ...run, language: 'de' });
  expect(choices.settings(OPEN)).toMatchObject({ language: null, sourceLanguage: 'de' });
  choices.adopt(run);
  expect(choices.settings(OPEN)).toMatchObject({ model: 'big', sourceLanguage: null });
});

test('what is asked of a recogniser belongs to runs of recordings', () => {
  const choices = choicesOf('transcribe', [modelOf('asr')]);
  choices.speech.prompt = 'Anna';
  const { speech } = choices.settings(OPEN);
  expect(speech).toMatchObject({ prompt: 'Anna', longForm: 'pauses' });
  const other = choicesOf('transcribe', [modelOf('asr')]);
  other.adopt({ ...jobOf().settings, task: 'transcribe', model: 'asr', speech });
  expect(other.settings(OPEN).speech).toEqual(speech);
  const texts = choicesOf('translate', [translator('mt', 'en>de')]);
  texts.speech.prompt = 'Anna';
  expect(texts.settings(OPEN).speech).toBeNull();
});

test('a model that states no direction stays a choice, without a language', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de'), translator('silent')]);
  choices.chooseModel('silent');
  expect(choices.settings(OPEN)).toMatchObject({ model: 'silent', language: null });
});

test('what a job was made with is taken over', () => {
  const choices = choicesOf('translate', [
    translator('a', 'en>de', 'de>en'),
    translator('b', 'en>de'),
  ]);
  const { settings } = jobOf();
  choices.adopt({ ...settings, model: 'a', language: 'en' });
  expect(choices.direction).toEqual({ source: 'de', target: 'en' });
  choices.adopt({ ...settings, model: 'b', language: null });
  expect(choices.settings({ ...OPEN, alphas: [0] })).toMatchObject({ model: 'b', alphas: [0] });
});

test('everything is left to the program while the models are not known', () => {
  const choices = choicesOf('translate', []);
  expect(choices.directions).toEqual([]);
  expect(choices.settings(OPEN)).toMatchObject({ model: null, language: null });
});

test('thorough is four beams, and is taken over from a run that was', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de')]);
  expect(choices.settings(OPEN).search).toBeNull();
  choices.thorough = true;
  const { search } = choices.settings(OPEN);
  expect(search).toMatchObject({ strategy: 'beam', beams: 4, returnSequences: 1 });
  const other = choicesOf('translate', [translator('mt', 'en>de')]);
  other.adopt({ ...jobOf().settings, search });
  expect(other.settings(OPEN).search).toEqual(search);
  other.adopt({ ...jobOf().settings, search: null });
  expect(other.thorough).toBe(false);
});

/** Reads and writes all of them; English where it is not told. */
const MANY = modelOf('many', {
  task: 'translate',
  directions: ['fr', 'de'].map((target) => ({ source: 'en', target })),
  sources: ['en', 'fr', 'de'],
});

test('a model that can be told what it reads is told it only where a person chose', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de', 'de>en'), MANY]);
  expect(choices.sources).toEqual(['en', 'fr', 'de']);
  choices.chooseDirection('en>fr');
  expect(choices.settings(OPEN)).toMatchObject({ model: 'many', sourceLanguage: null });
  choices.chooseSource('de');
  expect(choices.directions.map(({ source }) => source)).toEqual(['de', 'de']);
  const chosen = { model: 'many', language: 'fr', sourceLanguage: 'de' };
  expect(choices.settings(OPEN)).toMatchObject(chosen);
  choices.chooseSource(null);
  expect(choices.settings(OPEN)).toMatchObject({ ...chosen, sourceLanguage: null });
});

test('a source brings what can be written of it, and the models that can', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de', 'de>en'), MANY]);
  choices.chooseSource('fr');
  // German, as before: the language to write stays.
  expect(choices.settings(OPEN)).toMatchObject({ language: 'de', sourceLanguage: 'fr' });
  expect(names(choices)).toEqual(['many']);
  choices.chooseSource('de');
  choices.chooseDirection('de>en');
  // A model whose direction says what it reads is not told.
  expect(names(choices)).toEqual(['mt', 'many']);
  expect(choices.settings(OPEN)).toMatchObject({ model: 'mt', sourceLanguage: null });
});

test('a model is told what another one reads by itself, where that is the direction', () => {
  const choices = choicesOf('translate', [translator('mt', 'de>en'), MANY]);
  choices.chooseModel('many');
  expect(choices.direction).toEqual({ source: 'de', target: 'en' });
  expect(choices.settings(OPEN)).toMatchObject({ language: 'en', sourceLanguage: 'de' });
});

test('the source of a run is taken over', () => {
  const choices = choicesOf('translate', [translator('mt', 'en>de'), MANY]);
  const run = { ...jobOf().settings, model: 'many', language: 'fr' };
  choices.adopt({ ...run, sourceLanguage: 'de' });
  expect(choices.direction).toEqual({ source: 'de', target: 'fr' });
  expect(choices.settings(OPEN)).toMatchObject({ language: 'fr', sourceLanguage: 'de' });
  choices.adopt({ ...run, sourceLanguage: null });
  expect(choices.source).toBeNull();
  expect(choices.settings(OPEN)).toMatchObject({ language: 'fr', sourceLanguage: null });
});
