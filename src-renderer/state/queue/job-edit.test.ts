import { expect, test } from 'vitest';
import type { RunSettings } from '../../../src-main/contract/jobs.ts';
import { ModelsState } from '../models/models-state.svelte.ts';
import { SettingsState } from '../settings/settings-state.svelte.ts';
import { TestApplication } from '../test-application.ts';
import { jobOf, modelOf, proxyOf } from '../test-data.ts';
import { JobEdit } from './job-edit.svelte.ts';

const BEFORE: RunSettings = {
  task: 'transcribe',
  model: 'm',
  proxy: 'wer',
  dtype: 'int8',
  alphas: [0, 0.05],
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

function editing(change: Partial<RunSettings> = {}, proven = false) {
  const { client } = new TestApplication();
  const models = new ModelsState(client);
  const proxies = [proxyOf(0.05, proven)];
  models.list = { models: [modelOf('s', { proxies }), modelOf('m', { proxies })], broken: [] };
  const job = jobOf({ state: 'waiting', settings: { ...BEFORE, ...change } });
  return new JobEdit(job, models, new SettingsState(client));
}

test('nothing changed gives the settings that the job has', () => {
  expect(editing().settings).toEqual(BEFORE);
});

test('weights and proxy are chosen anew with another model', () => {
  const edit = editing();
  edit.choices.chooseModel('s');
  expect(edit.settings).toEqual({ ...BEFORE, model: 's', dtype: null, proxy: null });
});

test('versions that the program chose stay its choice; others are shown to be changed', () => {
  expect(editing({}, true).strengths.typed).toBe('');
  expect(editing({ alphas: [0] }).strengths.typed).toBe('');
  expect(editing({ alphas: null }).strengths.typed).toBe('');
  expect(editing({ alphas: [0, 0.1] }).strengths.typed).toBe('0 0.1');
});

test('what is no number cannot be sent', () => {
  const edit = editing();
  edit.strengths.typed = 'much';
  expect(edit.settings).toBeNull();
});
