import { expect, test } from 'vitest';
import { defaultDataDirectory, type Surroundings } from './data-directory.ts';

const at = (platform: NodeJS.Platform, env: Surroundings['env'] = {}) =>
  defaultDataDirectory({ platform, env, home: '/home/ann' });

test('Linux follows the XDG base directories', () => {
  expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/veer');
  expect(at('linux')).toBe('/home/ann/.local/share/veer');
});

test('a relative XDG_DATA_HOME is ignored, as its specification says', () => {
  expect(at('linux', { XDG_DATA_HOME: 'data' })).toBe('/home/ann/.local/share/veer');
});

test('macOS and Windows use their own places', () => {
  expect(at('darwin')).toBe('/home/ann/Library/Application Support/Veer');
  expect(at('win32', { APPDATA: '/roaming' })).toBe('/roaming/Veer');
  expect(at('win32')).toBe('/home/ann/AppData/Roaming/Veer');
});
