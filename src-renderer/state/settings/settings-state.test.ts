import { expect, test } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { SettingsState } from './settings-state.svelte.ts';

async function settingsOf() {
  const app = new TestApplication();
  const settings = new SettingsState(app.client);
  await settings.load();
  return { app, settings };
}

test('a change is stored by the application, and said beside its setting only', async () => {
  const { app, settings } = await settingsOf();
  expect(settings.outcome).toBeNull();
  expect(await settings.change({ theme: 'dark' })).toBe(true);
  expect(app.program.settings.theme).toBe('dark');
  expect(settings.current?.theme).toBe('dark');
  expect(settings.isSaved('theme')).toBe(true);
  expect(settings.isSaved('device')).toBe(false);
  expect(settings.problemOf('theme')).toBeNull();
});

test('what cannot be stored stays as it was, with the problem beside it', async () => {
  const { app, settings } = await settingsOf();
  app.program.full = true;
  expect(await settings.change({ undoSeconds: 5 })).toBe(false);
  expect(settings.current?.undoSeconds).toBe(30);
  expect(settings.isSaved('undoSeconds')).toBe(false);
  expect(settings.problemOf('undoSeconds')?.code).toBe('DISK_FULL');
  expect(settings.problemOf('theme')).toBeNull();
});
