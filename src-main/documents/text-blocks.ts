/**
 * Finds the stretches of a text in which a line end is only white space: paragraphs, list items,
 * headings, rules. Sentences are looked for inside a block and never across two.
 */

/** A stretch of the text from `start` up to, not including, `end`, in UTF-16 units. Never blank. */
export type TextBlock = { readonly start: number; readonly end: number };

type Line = { readonly start: number; readonly text: string };

const LINE = /([^\n\r\v\f\u0085\u2028\u2029]*)(?:\r\n|[\n\r\v\f\u0085\u2028\u2029]|$)/gu;
const HEADING = /^\s*#{1,6}\s+(?=\S)/u;
const BULLET = /^\s*[-*+•◦‣▪·]\s+(?=\S)/u;
/** A dash is also punctuation and a number may be a date, so these need more than their looks. */
const DASH = /^\s*[–—]\s+(?=\S)/u;
const NUMBER = /^\s*\(?(\d{1,3})[.)]\s+(?=\S)/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const STARTS_LOWER_CASE = /^[^\p{L}\p{N}]*\p{Ll}/u;
const ENDS_OPEN = /[,;(/&\-–—]$/u;
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

/** Narrower text is not wrapped by machines: each line was ended on purpose. */
const NARROWEST_WRAP = 40;

/** Does it hold anything that a translation could change? */
export function hasLetterOrDigit(text: string): boolean {
  return LETTER_OR_DIGIT.test(text);
}

/**
 * Splits a text into blocks, in order and without overlap; what lies between them is white space
 * and list markers. A block ends at a blank line, before a list item, around a heading or a line
 * without letters and digits, and at a line end that is no wrap (see isWrap).
 */
export function findBlocks(text: string): TextBlock[] {
  const blocks: TextBlock[] = [];
  let listNumber = 0;
  for (const paragraph of paragraphs(text)) {
    const width = widthOf(paragraph);
    let previous: Line | null = null;
    let previousKind: LineStart['kind'] | null = null;
    let inList = false;
    for (const line of paragraph) {
      const { kind, length, number } = lineStart(line.text, {
        listNumber,
        dashIsMarker: previous === null || inList,
      });
      const end = line.start + line.text.trimEnd().length;
      const last = blocks.at(-1);
      const goesOn =
        kind === 'text' &&
        previous !== null &&
        (previousKind === 'text' || previousKind === 'item') &&
        isWrap(previous.text, line.text, width);
      if (goesOn && last !== undefined) {
        blocks[blocks.length - 1] = { start: last.start, end };
      } else {
        blocks.push({ start: line.start + length, end });
      }
      listNumber = number ?? listNumber;
      inList ||= kind === 'item';
      previous = line;
      previousKind = kind;
    }
  }
  return blocks;
}

type LineStart = {
  readonly kind: 'text' | 'item' | 'heading' | 'rule';
  /** White space and marker before the text, in UTF-16 units. */
  readonly length: number;
  readonly number: number | null;
};

function lineStart(
  text: string,
  context: { readonly listNumber: number; readonly dashIsMarker: boolean },
): LineStart {
  const indent = text.length - text.trimStart().length;
  if (!hasLetterOrDigit(text)) return { kind: 'rule', length: indent, number: null };
  const heading = HEADING.exec(text);
  if (heading !== null) return { kind: 'heading', length: heading[0].length, number: null };
  const bullet = BULLET.exec(text) ?? (context.dashIsMarker ? DASH.exec(text) : null);
  if (bullet !== null) return { kind: 'item', length: bullet[0].length, number: null };
  const numbered = NUMBER.exec(text);
  const number = Number(numbered?.[1]);
  if (numbered !== null && isNextNumber(number, context.listNumber)) {
    return { kind: 'item', length: numbered[0].length, number };
  }
  return { kind: 'text', length: indent, number: null };
}

function* paragraphs(text: string): Generator<Line[]> {
  let current: Line[] = [];
  for (const match of text.matchAll(LINE)) {
    const line = { start: match.index, text: match[1] ?? '' };
    if (line.text.trim() !== '') {
      current.push(line);
    } else if (current.length > 0) {
      yield current;
      current = [];
    }
  }
  if (current.length > 0) yield current;
}

/** A list starts with 0 or 1 and counts on; any other number at a line start is text ("3. Mai"). */
function isNextNumber(number: number, previous: number): boolean {
  return number <= 1 || number === previous + 1;
}

/**
 * Is the line end between two lines of a paragraph only a wrap? Yes where the sentence plainly
 * goes on, or where the next word would not have fitted into the width of the paragraph. Short
 * lines that were ended on purpose (headings, addresses, one phrase per line) are no wraps.
 */
function isWrap(line: string, next: string, width: number): boolean {
  if (STARTS_LOWER_CASE.test(next) || ENDS_OPEN.test(line.trimEnd())) return true;
  if (width < NARROWEST_WRAP) return false;
  const word = /^\S+/u.exec(next.trim())?.[0] ?? '';
  const head = WIDE.test(word.slice(0, 1)) ? word.slice(0, 1) : word;
  return displayWidth(line.trim()) + 1 + displayWidth(head) > width;
}

function widthOf(lines: readonly Line[]): number {
  let width = 0;
  for (const line of lines) width = Math.max(width, displayWidth(line.text.trim()));
  return width;
}

/** Columns in a fixed-width font: East Asian letters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}
