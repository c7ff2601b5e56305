/** Breaks the text of a subtitle into lines that fit on a screen. */

/** Columns; the width that broadcasters' guides agree on. East Asian letters take two. */
const LINE_WIDTH = 42;
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303F\uFF00-\uFF60]/u;
const WORDS = new Intl.Segmenter('und', { granularity: 'word' });

/** A piece that stays whole, and whether a space stands before it when both are on one line. */
type Piece = { readonly text: string; readonly spaced: boolean };

/**
 * Breaks a text at its spaces into as few lines of at most 42 columns as possible, of about equal
 * length. A word wider than that stays whole. Text up to some 80 columns thus takes two lines;
 * longer text takes more, because cutting it into several cues would invent times.
 *
 * @param text not empty, on one line, single spaces only
 */
export function breakLines(text: string): string[] {
  const pieces = piecesOf(text);
  const count = fill(pieces, LINE_WIDTH).length;
  let narrow = 1;
  let wide = LINE_WIDTH;
  while (narrow < wide) {
    const middle = Math.floor((narrow + wide) / 2);
    if (fill(pieces, middle).length <= count) wide = middle;
    else narrow = middle + 1;
  }
  return fill(pieces, wide);
}

function fill(pieces: readonly Piece[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    const longer = `${line}${piece.spaced ? ' ' : ''}${piece.text}`;
    if (line === '' || columns(longer) <= width) {
      line = line === '' ? piece.text : longer;
    } else {
      lines.push(line);
      line = piece.text;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Spaces part words; text written without spaces is parted by a dictionary. */
function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const word of text.split(' ')) {
    let spaced = true;
    for (const part of columns(word) > LINE_WIDTH && WIDE.test(word) ? parts(word) : [word]) {
      pieces.push({ text: part, spaced });
      spaced = false;
    }
  }
  return pieces;
}

/** Words with the punctuation that follows them, which must not begin a line. */
function parts(word: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of WORDS.segment(word)) {
    const last = found.pop();
    if (last === undefined) found.push(segment);
    else if (isWordLike) found.push(last, segment);
    else found.push(last + segment);
  }
  return found;
}

function columns(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}
