import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, settingsChangeSchema } from '../contract/settings.ts';
import { SettingsFile } from './settings-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veer-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('without a file the defaults hold, and nothing is written', () => {
  expect(SettingsFile.open(path).current).toEqual(DEFAULT_SETTINGS);
  expect(existsSync(path)).toBe(false);
});

test('a change is there after the next start, and no temporary file stays', async () => {
  await SettingsFile.open(path).update({ theme: 'dark', undoSeconds: 5 });
  expect(SettingsFile.open(path).current).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'dark',
    undoSeconds: 5,
  });
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('a change is what it names, and nothing by default', () => {
  expect(settingsChangeSchema.parse({ threads: 4 })).toEqual({ threads: 4 });
});

test('a file of a version that did not know a setting yet gets its default', () => {
  const { notifications: _, ...before } = DEFAULT_SETTINGS;
  writeFileSync(path, JSON.stringify({ ...before, theme: 'dark' }));
  expect(SettingsFile.open(path).current).toEqual({
    ...DEFAULT_SETTINGS,
    theme: 'dark',
    notifications: false,
  });
});

test('changes that are made at once are all kept', async () => {
  const settings = SettingsFile.open(path);
  await Promise.all([
    settings.update({ threads: 1 }),
    settings.update({ theme: 'light' }),
    settings.update({ retentionDays: 7 }),
  ]);
  expect(SettingsFile.open(path).current).toMatchObject({
    threads: 1,
    theme: 'light',
    retentionDays: 7,
  });
});

test('a wrong value is refused and the next change is not lost with it', async () => {
  const settings = SettingsFile.open(path);
  await expect(settings.update({ undoSeconds: -1 })).rejects.toThrow();
  await settings.update({ undoSeconds: 1 });
  expect(SettingsFile.open(path).current.undoSeconds).toBe(1);
});

test('a file that nothing can be made of is set aside, not overwritten', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      writeFileSync(path, text);
      expect(SettingsFile.open(path).current).toEqual(DEFAULT_SETTINGS);
      expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe(text);
      expect(existsSync(path)).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('a folder that cannot be written to is a named error', async () => {
  const settings = SettingsFile.open(join(folder, 'gone', 'settings.json'));
  await expect(settings.update({ threads: 2 })).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITABLE',
  });
  expect(settings.current.threads).toBeNull();
});
