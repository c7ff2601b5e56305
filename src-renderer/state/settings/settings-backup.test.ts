import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../src-main/contract/settings.ts';
import { TestApplication } from '../test-application.ts';
import { SettingsBackup } from './settings-backup.svelte.ts';
import { SettingsState } from './settings-state.svelte.ts';

async function backupOf() {
  const app = new TestApplication();
  const settings = new SettingsState(app.client);
  await settings.load();
  const save = vi.fn();
  const now = () => new Date('2026-11-21T10:00:00Z');
  return { app, settings, save, backup: new SettingsBackup(app.client, settings, save, now) };
}

test('what was saved can be taken again, on another machine too', async () => {
  const here = await backupOf();
  await here.settings.change({ theme: 'dark', retentionDays: 90 });
  here.backup.save();
  const [fileName, content] = here.save.mock.calls[0] ?? [];
  expect(fileName).toBe('veer-settings-20261121.json');

  const there = await backupOf();
  await there.backup.restore(content);
  expect(there.backup.restored).toEqual({ state: 'taken' });
  expect(there.settings.current).toEqual(here.settings.current);
  expect(there.app.program.settings).toEqual(here.app.program.settings);
});

test.each([
  ['no JSON', 'theme = dark'],
  ['a list', '[1, 2]'],
  ['a file of another program', '{ "theme": "dark" }'],
])('%s holds no settings', async (_, text) => {
  const { app, backup } = await backupOf();
  await backup.restore(text);
  expect(backup.restored).toEqual({ state: 'no-settings' });
  expect(app.program.settings).toEqual(DEFAULT_SETTINGS);
});

test('settings of another version are refused', async () => {
  const { app, backup } = await backupOf();
  await backup.restore(JSON.stringify({ ...DEFAULT_SETTINGS, version: 2, theme: 'dark' }));
  expect(backup.restored).toEqual({ state: 'other-version' });
  expect(app.program.settings).toEqual(DEFAULT_SETTINGS);
});

test('unknown and wrong entries are named, and nothing of the file is taken', async () => {
  const { app, backup } = await backupOf();
  const wrong = { ...DEFAULT_SETTINGS, theme: 'pink', undoSeconds: -1, device: 'cpu', shout: true };
  await backup.restore(JSON.stringify(wrong));
  const { restored } = backup;
  expect(restored?.state).toBe('refused');
  const entries = restored?.state === 'refused' ? restored.entries : [];
  expect(entries.toSorted()).toEqual(['shout', 'theme', 'undoSeconds']);
  expect(app.program.settings).toEqual(DEFAULT_SETTINGS);
});

test('a disk that is full is no fault of the file', async () => {
  const { app, settings, backup } = await backupOf();
  app.program.full = true;
  const file: Settings = { ...DEFAULT_SETTINGS, theme: 'dark' };
  await backup.restore(JSON.stringify(file));
  expect(backup.restored).toMatchObject({ state: 'failed', problem: { code: 'DISK_FULL' } });
  expect(settings.current?.theme).toBe('system');
});
