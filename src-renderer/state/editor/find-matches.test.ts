import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finderOf, piecesOf, replaced } from './find-matches.ts';

const LOOSE = { matchCase: false, wholeWords: false };
const EXACT = { matchCase: true, wholeWords: false };
const WORDS = { matchCase: false, wholeWords: true };

const options = fc.record({ matchCase: fc.boolean(), wholeWords: fc.boolean() });
/** Few letters, so that there is something to be found; signs that mean something in expressions. */
const text = fc
  .array(fc.constantFrom('a', 'A', 'b', 'ä', 'a\u0308', ' ', '.', '*', '(', '\\', '$&', '𝒂', '\n'))
  .map((parts) => parts.join(''));

function found(query: string, within: string, how = LOOSE): string[] {
  return finderOf(query, how)(within).map(({ start, end }) => within.slice(start, end));
}

test('matches stand in order, do not overlap, and are what was asked for', () => {
  fc.assert(
    fc.property(text, text, options, (query, within, how) => {
      let from = 0;
      for (const { start, end } of finderOf(query, how)(within)) {
        expect(start).toBeGreaterThanOrEqual(from);
        expect(end).toBeGreaterThan(start);
        const match = within.slice(start, end).normalize();
        if (how.matchCase) expect(match).toBe(query.normalize());
        else expect(match.toLowerCase()).toBe(query.normalize().toLowerCase());
        from = end;
      }
      expect(from).toBeLessThanOrEqual(within.length);
    }),
  );
});

test('a query is taken literally: as many matches as splitting the text finds', () => {
  const plain = fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        ' ',
        '.',
        '*',
        '+',
        '?',
        '(',
        ')',
        '[',
        ']',
        '{',
        '|',
        '/',
        '\\',
        '^',
        '$',
        '-',
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      plain.filter((query) => query !== ''),
      plain,
      (query, within) => {
        expect(finderOf(query, EXACT)(within)).toHaveLength(within.split(query).length - 1);
      },
    ),
  );
});

test('replacing every match by itself gives the text back, and the pieces are the text', () => {
  fc.assert(
    fc.property(text, text, (query, within) => {
      const spans = finderOf(query, EXACT)(within);
      const [first] = spans;
      const same = first === undefined ? '' : within.slice(first.start, first.end);
      expect(replaced(within, spans, same).normalize()).toBe(within.normalize());
      expect(
        piecesOf(within, spans)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(within);
    }),
  );
});

test('what is found as a whole word has no letter beside it', () => {
  fc.assert(
    fc.property(text, text, (query, within) => {
      for (const { start, end } of finderOf(query, WORDS)(within)) {
        if (/^[\p{L}\p{N}]/u.test(query)) {
          expect(within.slice(0, start)).not.toMatch(/[\p{L}\p{N}]$/u);
        }
        if (/[\p{L}\p{N}]$/u.test(query)) expect(within.slice(end)).not.toMatch(/^[\p{L}\p{N}]/u);
      }
    }),
  );
});

test('a replacement is taken literally too', () => {
  const within = 'one two one';
  expect(replaced(within, finderOf('one', LOOSE)(within), '$& $1')).toBe('$& $1 two $& $1');
});

test('words have letters of every language, and numbers', () => {
  expect(found('uber', 'über uber', WORDS)).toEqual(['uber']);
  expect(found('ber', 'über ber', WORDS)).toEqual(['ber']);
  expect(found('мир', 'миру мир', WORDS)).toEqual(['мир']);
  expect(found('10', '100 10', WORDS)).toEqual(['10']);
  expect(found('(a', 'f(a)', WORDS)).toEqual(['(a']);
});

test('upper and lower case are one unless asked for', () => {
  expect(found('straße', 'STRAẞE Straße')).toEqual(['STRAẞE', 'Straße']);
  expect(found('ÉCOLE', 'école')).toEqual(['école']);
  expect(found('Two', 'two', EXACT)).toEqual([]);
});

test('an accent of its own belongs to its letter', () => {
  expect(found('cafe', 'cafe\u0301')).toEqual([]);
  expect(found('café', 'cafe\u0301')).toEqual(['cafe\u0301']);
});
