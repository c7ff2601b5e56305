import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shownName, storedExtension } from './upload-name.ts';

test.each([
  ['talk.mp3', 'talk.mp3'],
  ['Grüße an 世界.WAV', 'Grüße an 世界.WAV'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\music\\song.flac', 'song.flac'],
  ['a\0b\nc.txt', 'abc.txt'],
  ['talk\u202e3pm.exe', 'talk3pm.exe'],
  ['..', 'file'],
  ['', 'file'],
  ['folder/', 'file'],
  ['.mp3', '.mp3'],
])('%j is shown as %j', (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

test.each([
  ['talk.MP3', '.mp3'],
  ['talk', ''],
  ['.bashrc', ''],
  ['talk.mp3/../../x', ''],
  ['talk.a:b', ''],
  ['talk.ünï', ''],
  ['talk.averyverylongone', ''],
])('of %j the disk sees %j', (name, extension) => {
  expect(storedExtension(name)).toBe(extension);
});

test('whatever the name, it is short, has no folders and is not empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 250 }), (name) => {
      const shown = shownName(name);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown).not.toMatch(/[/\\\0]|^\.+$/);
      expect(shown.isWellFormed()).toBe(true);
      expect(storedExtension(name)).toMatch(/^(\.[a-z0-9]{1,10})?$/);
    }),
  );
});
