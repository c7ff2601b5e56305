import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordDiff } from './word-diff.ts';

fc.configureGlobal({ seed: 1 });

const show = (before: string, after: string, locale?: string) =>
  wordDiff(before, after, locale)
    .map(({ kind, text }) => ({ equal: text, removed: `[-${text}-]`, added: `{+${text}+}` })[kind])
    .join('');

describe('word diff', () => {
  it.each([
    ['the cat sat', 'the cat sat', 'the cat sat'],
    ['the cat sat', 'the dog sat', 'the [-cat-]{+dog+} sat'],
    ['the cat sat', 'the sat', 'the[- cat-] sat'],
    ['the sat', 'the black cat sat', 'the{+ black cat+} sat'],
    ['Hello, world', 'Hello world.', 'Hello[-,-] world{+.+}'],
    ['', 'new', '{+new+}'],
    ['old', '', '[-old-]'],
    ['', '', ''],
    ['a  b', 'a b', 'a[-  -]{+ +}b'],
    ["don't stop", "don't go", "don't [-stop-]{+go+}"],
    ['Größe 😀 ja', 'Größe 🎉 ja', 'Größe [-😀-]{+🎉+} ja'],
  ])('of %j and %j is %j', (before, after, shown) => {
    expect(show(before, after)).toBe(shown);
  });

  it('finds words in scripts without spaces', () => {
    expect(show('私は猫が好きです', '私は犬が好きです', 'ja')).toBe('私は[-猫-]{+犬+}が好きです');
  });

  it('works with a language code of another kind', () => {
    expect(show('a b', 'a c', 'deu_Latn')).toBe('a [-b-]{+c+}');
  });

  it('gives back both texts, in parts that are not empty and differ in kind', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'the', ' ', '  ', '\n', ',', '.', 'ä', '😀', '猫');
    const text = fc.oneof(
      fc.array(word, { maxLength: 25 }).map((list) => list.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = wordDiff(before, after);
        const side = (other: string) =>
          parts
            .filter(({ kind }) => kind !== other)
            .map((part) => part.text)
            .join('');
        expect(side('added')).toBe(before);
        expect(side('removed')).toBe(after);
        parts.forEach(({ kind, text: part }, i) => {
          expect(part).not.toBe('');
          expect(kind).not.toBe(parts[i - 1]?.kind);
        });
      }),
      { numRuns: 2000 },
    );
  });
});
