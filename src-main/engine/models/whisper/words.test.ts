import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withMarksMerged, wordsOf } from './words.ts';

fc.configureGlobal({ seed: 1 });

/** A tokenizer whose token i writes piece i; bytes that are no whole letter are `\ufffd`. */
function split(pieces: readonly (string | readonly number[])[], language: string) {
  const bytes = pieces.map((piece) => Buffer.from(piece as string));
  const decode = (ids: readonly number[]) =>
    Buffer.concat(ids.map((id) => bytes[id] ?? Buffer.alloc(0))).toString('utf8');
  return wordsOf([...pieces.keys()], decode, language);
}

const texts = (words: readonly { readonly text: string }[]) => words.map(({ text }) => text);

test('a word begins with a space; marks stand alone', () => {
  const words = split([' He', 'llo', ',', ' wor', 'ld', '!', ' "', 'Yes', '"'], 'en');
  expect(texts(words)).toEqual([' Hello', ',', ' world', '!', ' "Yes', '"']);
  expect(words.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [2, 3],
    [3, 5],
    [5, 6],
    [6, 8],
    [8, 9],
  ]);
});

test('letters of several bytes stay whole, and bytes that are none get lost nowhere', () => {
  const [first, ...others] = [...Buffer.from('大')];
  expect(texts(split([[first ?? 0], others, '小'], 'zh'))).toEqual(['大', '小']);
  expect(texts(split([' a', [0xff], 'b'], 'en'))).toEqual([' a\ufffdb']);
});

test('every token is in one word, in order', () => {
  const piece = fc.oneof(
    fc.constantFrom(' a', 'b', ' ', ',', '"', ' the', '大'),
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 3 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom('en', 'zh'),
      (pieces, language) => {
        let end = 0;
        for (const { from, to } of split(pieces, language)) {
          expect(from).toBe(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBe(pieces.length);
      },
    ),
  );
});

test('marks go to the word that they belong to, whose time stays its own', () => {
  const timed = [' Hello', ',', ' "', 'Yes', '!', '"', ' -', ' no'].map((text, i) => {
    return { text, start: i, end: i + 1, probability: 1 };
  });
  expect(withMarksMerged(timed)).toEqual([
    { text: ' Hello,', start: 0, end: 1, probability: 1 },
    { text: ' "Yes!"', start: 3, end: 4, probability: 1 },
    { text: ' - no', start: 7, end: 8, probability: 1 },
  ]);
});
