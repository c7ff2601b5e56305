import { expect, test } from 'vitest';
import { formats } from './formats.ts';

test('languages are named in the language of the screens', () => {
  expect(formats('en').language('de')).toBe('German');
  expect(formats('de').language('de')).toBe('Deutsch');
});

test('what is no tag of a language is shown as it is', () => {
  expect(formats('en').language('englishlanguage')).toBe('englishlanguage');
  expect(formats('en').language('')).toBe('');
});

test('lists read as sentences do', () => {
  expect(formats('en').list(['a', 'b', 'c'])).toBe('a, b, and c');
  expect(formats('de').list(['a', 'b'])).toBe('a und b');
});
