import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src-main/contract/settings.ts';
import { ModelsState } from '../models/models-state.svelte.ts';
import { SettingsState } from '../settings/settings-state.svelte.ts';
import { TestApplication, TestBridge } from '../test-application.ts';
import { jobOf, modelOf } from '../test-data.ts';
import { ImportState } from './import-state.svelte.ts';

const BOTH_WAYS = [
  { source: 'en', target: 'de' },
  { source: 'de', target: 'en' },
];

function importing() {
  const app = new TestApplication();
  app.jobs = [jobOf()];
  const bridge = new TestBridge(app.client);
  const models = new ModelsState(app.client);
  models.list = {
    models: [
      modelOf('asr-m'),
      modelOf('asr-s'),
      modelOf('mt-m', { task: 'translate', directions: BOTH_WAYS }),
    ],
    broken: [],
  };
  const settings = new SettingsState(app.client);
  settings.current = { ...DEFAULT_SETTINGS, transcribeModel: 'asr-s' };
  return { app, bridge, imports: new ImportState(bridge, models, settings) };
}

const file = (name: string, type = '') => new File(['x'], name, { type });

test('files are sent one after the other and then queued', async () => {
  const { app, bridge, imports } = importing();
  imports.addFiles([file('speech.flac'), file('letter.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  expect(imports.uploads.map(({ stage }) => stage)).toEqual(['sending', 'waiting']);
  bridge.grants[0]?.finish(crypto.randomUUID());
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(2));
  bridge.grants[1]?.finish(crypto.randomUUID());
  await vi.waitFor(() => expect(imports.uploads).toEqual([]));
  expect(app.added.map(({ settings }) => settings.task)).toEqual(['transcribe', 'translate']);
});

test('a cancelled upload adds nothing and the next file is sent', async () => {
  const { app, bridge, imports } = importing();
  imports.addFiles([file('a.txt'), file('b.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  imports.dismiss(imports.uploads[0]?.id ?? -1);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(2));
  expect(bridge.grants[1]?.file.name).toBe('b.txt');
  expect(app.added).toEqual([]);
});

test('a file that cannot be added stays with its reason', async () => {
  const { app, bridge, imports } = importing();
  app.jobs = [];
  imports.addFiles([file('a.txt')]);
  await vi.waitFor(() => expect(bridge.grants).toHaveLength(1));
  bridge.grants[0]?.finish(crypto.randomUUID());
  const failed = { stage: 'failed', problem: { code: 'DISK_FULL', message: 'Make room.' } };
  await vi.waitFor(() => expect(imports.uploads).toMatchObject([failed]));
});

test('a pasted text is named by its first words and goes with the options chosen', async () => {
  const { app, imports } = importing();
  imports.doNotKeep = true;
  imports.strengths.typed = '0.1';
  expect(await imports.addText('Good morning.\nHow are you?')).toBe(true);
  expect(app.added).toMatchObject([
    {
      source: { type: 'text', name: 'Good morning. How are you?' },
      settings: { task: 'translate', alphas: [0, 0.1] },
      keep: false,
    },
  ]);
});

test('each kind of file gets its own model and direction, those of when it was added', async () => {
  const { app, bridge, imports } = importing();
  imports.texts.chooseDirection('de>en');
  imports.strengths.typed = '0.1';
  imports.addFiles([file('talk.mp4', 'video/mp4'), file('letter.md')]);
  imports.texts.chooseDirection('en>de');
  imports.strengths.typed = '';
  for (const at of [0, 1]) {
    await vi.waitFor(() => expect(bridge.grants).toHaveLength(at + 1));
    bridge.grants[at]?.finish(crypto.randomUUID());
  }
  await vi.waitFor(() => expect(imports.uploads).toEqual([]));
  const open = {
    proxy: null,
    dtype: null,
    alphas: [0, 0.1],
    choice: 'plain',
    sourceLanguage: null,
    search: null,
    speech: null,
  };
  expect(app.added.map(({ settings }) => settings)).toEqual([
    { ...open, task: 'transcribe', model: 'asr-s', language: null },
    { ...open, task: 'translate', model: 'mt-m', language: 'en' },
  ]);
});

test('nothing is added while a strength is no number', async () => {
  const { app, bridge, imports } = importing();
  imports.strengths.typed = 'much';
  expect(imports.ready).toBe(false);
  imports.addFiles([file('a.txt')]);
  expect(imports.uploads).toEqual([]);
  expect(bridge.grants).toEqual([]);
  expect(await imports.addText('Good morning.')).toBe(false);
  expect(app.added).toEqual([]);
});
