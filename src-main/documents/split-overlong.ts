/**
 * Cuts a sentence that is too long for a model into pieces, so that nothing is dropped silently
 * at the end of the model's input.
 */

/** Marks after which a clause may end. Western ones count only before white space. */
const CLAUSE_END = /[,;:.!?…–—)\]](?=\s)|[、，；：。！？]/gu;
const SPACE = /\s+/gu;
const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Splits a text into pieces of at most `limit` UTF-16 units, white space at their ends not
 * counted: at the last clause end in the second half of what fits, else at the last white space,
 * else between two characters. The pieces joined are the text.
 *
 * @param limit at least 2, so that a character outside the basic plane fits
 */
export function splitOverlong(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const cut = cutPosition(rest, limit);
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

function cutPosition(text: string, limit: number): number {
  // One more unit shows whether the last word or clause that fits is whole.
  const window = text.slice(0, limit + 1);
  let clause = 0;
  for (const match of window.matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length;
    if (end <= limit) clause = end;
  }
  let space = 0;
  for (const match of window.matchAll(SPACE)) space = match.index;
  const chosen = clause * 2 >= limit ? clause : space;
  const cut = chosen > 0 ? chosen : lastCharacterEnd(window, limit);
  const spaces = /^\s*/u.exec(text.slice(cut))?.[0] ?? '';
  return cut + spaces.length;
}

/** End of the last grapheme that fits; of the last code point where one grapheme is too long. */
function lastCharacterEnd(window: string, limit: number): number {
  let position = 0;
  for (const { index } of GRAPHEMES.segment(window)) {
    if (index <= limit) position = index;
  }
  if (position > 0) return position;
  return /[\uD800-\uDBFF]/.test(window.charAt(limit - 1)) ? limit - 1 : limit;
}
