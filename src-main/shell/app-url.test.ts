import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { APP_PAGE, isAppUrl, isTrustedFrame, mediaUrl, resolveAppUrl } from './app-url.ts';

const directory = resolve('/program/out/renderer');
const itemId = '0b9c1d1e-5d3f-4a51-9d0e-2f4f2c1a7b10';

test('the page and its parts lie in the directory of the screens', () => {
  expect(resolveAppUrl(APP_PAGE, directory)).toEqual({
    type: 'file',
    path: join(directory, 'index.html'),
  });
  expect(resolveAppUrl('app://veer/', directory)).toEqual({
    type: 'file',
    path: join(directory, 'index.html'),
  });
  expect(resolveAppUrl('app://veer/assets/index-Bx1_2.js?v=1#top', directory)).toEqual({
    type: 'file',
    path: join(directory, 'assets', 'index-Bx1_2.js'),
  });
});

test('the address of a recording names its item', () => {
  expect(resolveAppUrl(mediaUrl(itemId), directory)).toEqual({ type: 'media', itemId });
});

test.each([
  'app://veer/../../etc/passwd',
  'app://veer/%2e%2e/%2e%2e/etc/passwd',
  'app://veer/..%2f..%2fetc%2fpasswd',
  'app://veer/assets/..%5c..%5csecret',
  'app://veer/%252e%252e/secret',
  'app://veer//etc/passwd',
  'app://veer/C:/Windows/win.ini',
  'app://veer/C%3A%5CWindows%5Cwin.ini',
  'app://veer/index.html%00.js',
  'app://veer/.env',
  'app://veer/%',
  'app://veer/media/',
  'app://veer/media/../secret',
  `app://veer/media/${itemId}/x`,
  `app://veer/media/${itemId.toUpperCase()}`,
  'app://other/index.html',
  'app://veer.evil/index.html',
  'app://user@veer/index.html',
  'app://veer:80/index.html',
  'file:///etc/passwd',
  'https://veer/index.html',
  'not a url',
  '',
])('%s gives no file outside the directory', (url) => {
  const target = resolveAppUrl(url, directory);
  if (target !== null) expect(target).toMatchObject({ type: 'file' });
  if (target?.type === 'file') expect(target.path.startsWith(directory + sep)).toBe(true);
});

test('whatever an address holds, the path stays in the directory', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '%2e',
    '%2f',
    '%5c',
    '%00',
    '%25',
    'a',
    ':',
    '~',
    ' ',
  );
  const path = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(path, (text) => {
      const target = resolveAppUrl(`app://veer/${text}`, directory);
      if (target?.type !== 'file') return;
      expect(resolve(target.path)).toBe(target.path);
      expect(target.path.startsWith(directory + sep)).toBe(true);
    }),
    { numRuns: 2000, seed: 4 },
  );
});

test('only the top frame of the app is trusted', () => {
  expect(isTrustedFrame({ url: APP_PAGE, parent: null })).toBe(true);
  expect(isTrustedFrame({ url: APP_PAGE, parent: {} })).toBe(false);
  expect(isTrustedFrame({ url: 'https://veer/index.html', parent: null })).toBe(false);
  expect(isTrustedFrame({ url: 'about:blank', parent: null })).toBe(false);
  expect(isTrustedFrame(null)).toBe(false);
});

test('another scheme or host is not the app', () => {
  expect(isAppUrl('app://veer')).toBe(true);
  expect(isAppUrl('APP://veer/x')).toBe(true);
  expect(isAppUrl('app:veer')).toBe(false);
  expect(isAppUrl('blob:app://veer/1')).toBe(false);
});
