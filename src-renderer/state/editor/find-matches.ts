/**
 * Where words stand in a text. What is looked for is taken literally; composed and decomposed
 * accents count as the same, and no match leaves the accent of its last letter behind.
 */

export interface FindOptions {
  readonly matchCase: boolean;
  /** Not as a part of a longer word. */
  readonly wholeWords: boolean;
}

/** From the first to behind the last, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finds every match in a text, in order and without overlaps. */
export type Finder = (text: string) => Span[];

const WORD = '[\\p{L}\\p{N}\\p{M}_]';
const BEGINS_WITH_WORD = new RegExp(`^${WORD}`, 'u');
const ENDS_WITH_WORD = new RegExp(`${WORD}$`, 'u');

/** @param query nothing is found where it is empty */
export function finderOf(query: string, { matchCase, wholeWords }: FindOptions): Finder {
  if (query === '') return () => [];
  const forms = [...new Set([query, query.normalize('NFC'), query.normalize('NFD')])];
  // Where a query ends in a sign, the end of a word is not asked for: "(a" is found in "f(a)".
  const before = wholeWords && BEGINS_WITH_WORD.test(query) ? `(?<!${WORD})` : '';
  const after = wholeWords && ENDS_WITH_WORD.test(query) ? `(?!${WORD})` : '(?!\\p{M})';
  const pattern = `${before}(?:${forms.map(literal).join('|')})${after}`;
  const expression = new RegExp(pattern, matchCase ? 'gu' : 'giu');
  return (text) =>
    Array.from(text.matchAll(expression), ({ 0: found, index }) => ({
      start: index,
      end: index + found.length,
    }));
}

/** @param spans in order, without overlaps */
export function replaced(text: string, spans: readonly Span[], replacement: string): string {
  let from = 0;
  let result = '';
  for (const { start, end } of spans) {
    result += text.slice(from, start) + replacement;
    from = end;
  }
  return result + text.slice(from);
}

/** A text in pieces, for marking: `span` is the place in `spans`, null between them. */
export function piecesOf(
  text: string,
  spans: readonly Span[],
): readonly { readonly text: string; readonly span: number | null }[] {
  const pieces: { text: string; span: number | null }[] = [];
  let from = 0;
  for (const [span, { start, end }] of spans.entries()) {
    if (start > from) pieces.push({ text: text.slice(from, start), span: null });
    pieces.push({ text: text.slice(start, end), span });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), span: null });
  return pieces;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
