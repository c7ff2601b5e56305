import { expect, test } from 'vitest';
import { german } from './de/german.ts';
import { english } from './en/english.ts';
import { pseudo } from './pseudo.ts';

/** Words that are the same in both languages, and names. */
const SAME = new Set([
  'Alt',
  'Alternative',
  'BLEU',
  'CER',
  'Decoder',
  'Encoder',
  'Esc',
  'Format',
  'Markdown',
  'md',
  'Name',
  'Offline',
  'Proxy',
  'Text',
  'Threads',
  'txt',
  'Veer',
  'WER',
  'chrF',
]);

/** Every text by its place, such as `frame.database.title`; functions are given words and numbers. */
function textsOf(messages: unknown, place = ''): Map<string, string> {
  if (typeof messages === 'string') return new Map([[place, messages]]);
  if (typeof messages === 'function') {
    // 7 does for words and for numbers; every message takes fewer than five values.
    return textsOf(messages(7, 7, 7, 7, 7), place);
  }
  if (typeof messages !== 'object' || messages === null) return new Map();
  return new Map(
    Object.entries(messages).flatMap(([name, value]) => [
      ...textsOf(value, place === '' ? name : `${place}.${name}`),
    ]),
  );
}

/** Whether there is anything to translate: signs, numbers and names are the same everywhere. */
function isTranslated(text: string): boolean {
  const words = text.match(/\p{L}{2,}/gu) ?? [];
  return words.some((word) => !SAME.has(word));
}

test('German has every message of English, and no text more but those of errors', () => {
  const { errors: _errors, ...others } = german;
  expect([...textsOf(others).keys()].sort()).toEqual([...textsOf(english).keys()].sort());
});

test('no German text is the English one', () => {
  const inGerman = textsOf(german);
  const same = [...textsOf(english)]
    .filter(([place, text]) => isTranslated(text) && inGerman.get(place) === text)
    .map(([place, text]) => `${place}: ${text}`);
  expect(same).toEqual([]);
});

test('the pseudo-language has every message, each longer by two fifths', () => {
  const long = textsOf(pseudo(english));
  for (const [place, text] of textsOf(english)) {
    expect(long.get(place)?.length, place).toBeGreaterThanOrEqual(Math.floor(text.length * 1.35));
  }
});
