/**
 * Words of a search, and the place in a text that it found. The index cuts and folds words by
 * SQLite's unicode61; here the same is done closely enough to show a place, never to decide what
 * is found.
 */

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const HAS_LETTER = /[\p{L}\p{N}\p{Co}]/u;
const NOT_ASCII = /[^\0-\x7f]/;

/** What is longer is no search that a person typed. */
const MOST_WORDS = 16;

/** Around the words found, in the excerpt that is shown. */
const MARK_START = '\uE000';
const MARK_END = '\uE001';
const MARKS = /[\uE000\uE001]/g;

/** Words shown before the first one found, and altogether. */
const WORDS_BEFORE = 6;
const WORDS_SHOWN = 24;

/** Any input is safe: only letters, digits and marks are left. At most 16 words. */
export function searchWords(text: string): readonly string[] {
  return wordsOf(text.toWellFormed())
    .map(([word]) => word)
    .filter((word) => HAS_LETTER.test(word))
    .slice(0, MOST_WORDS);
}

/** Expression for MATCH. @param word one of searchWords */
export function matchExpression(word: string, isBeginning: boolean): string {
  return isBeginning ? `"${word}" *` : `"${word}"`;
}

export interface Place {
  /** How many of the words it has. */
  readonly words: number;
  /** Part of the text on one line, the words found between U+E000 and U+E001. */
  readonly excerpt: string;
}

/**
 * The part of a text in which the words are.
 *
 * @param words of searchWords; the last one as a beginning
 * @returns null where none of them is
 */
export function findPlace(text: string, words: readonly string[]): Place | null {
  const folded = words.map(fold);
  const whole = fold(text);
  // Most texts hold none; cutting them into words costs more than this look.
  if (!folded.some((word) => whole.includes(word))) return null;
  const last = folded.length - 1;
  const tokens = wordsOf(text).map((match) => {
    const word = fold(match[0]);
    const wanted = folded.findIndex((one, i) => (i === last ? word.startsWith(one) : word === one));
    return { start: match.index, end: match.index + match[0].length, wanted };
  });
  const firstFound = tokens.findIndex(({ wanted }) => wanted >= 0);
  if (firstFound < 0) return null;
  const from = Math.max(0, firstFound - WORDS_BEFORE);
  const shown = tokens.slice(from, from + WORDS_SHOWN);
  const pieces = shown.map((token, i) => {
    const before = text.slice(shown[i - 1]?.end ?? token.start, token.start);
    const word = text.slice(token.start, token.end).replace(MARKS, '');
    return `${before}${token.wanted < 0 ? word : `${MARK_START}${word}${MARK_END}`}`;
  });
  const atEnd = from + shown.length === tokens.length;
  const rest = atEnd ? text.slice(tokens.at(-1)?.end) : ' …';
  return {
    words: new Set(tokens.map(({ wanted }) => wanted).filter((wanted) => wanted >= 0)).size,
    excerpt: `${from > 0 ? '… ' : ''}${pieces.join('')}${rest}`.replace(/\s+/gu, ' ').trim(),
  };
}

function wordsOf(text: string): readonly RegExpExecArray[] {
  return [...text.matchAll(WORD)];
}

/** Lower case, without diacritics. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return NOT_ASCII.test(lower) ? lower.normalize('NFD').replace(/\p{M}/gu, '') : lower;
}
