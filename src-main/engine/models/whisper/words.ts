/**
 * Words out of tokens (openai/whisper `tokenizer.py`, `split_to_word_tokens`, and `timing.py`,
 * `merge_punctuations`): a word begins with a space; marks belong to the word before or after them.
 * The reference also shortens words that seem too long beside a pause; that is left out.
 */

export interface WordTokens {
  readonly text: string;
  /** Places of its tokens in the list: from the first up to before the last. */
  readonly from: number;
  readonly to: number;
}

/** Languages that are written without spaces: every letter is a word. */
const WITHOUT_SPACES = new Set(['zh', 'ja', 'th', 'lo', 'my', 'yue']);
const MARK = /^[!-/:-@[-`{-~]$/;
const BEFORE = '"\'“¿([{-';
const AFTER = '"\'.。,，!！?？:：”)]}、';
/** Stands for bytes that are no whole letter. */
const INCOMPLETE = '\ufffd';

/**
 * @param decode exact text of tokens, spaces at the begin included
 * @param language code of what is written
 * @returns every token in one word, in order
 */
export function wordsOf(
  tokenIds: readonly number[],
  decode: (tokenIds: readonly number[]) => string,
  language: string,
): readonly WordTokens[] {
  const letters = wholeLetters(tokenIds, decode);
  return WITHOUT_SPACES.has(language) ? letters : joinedAtSpaces(letters);
}

/** The fewest tokens each that make whole letters; letters of most scripts take several bytes. */
function wholeLetters(
  tokenIds: readonly number[],
  decode: (tokenIds: readonly number[]) => string,
): readonly WordTokens[] {
  const all = decode(tokenIds);
  const words: WordTokens[] = [];
  let from = 0;
  let letters = 0;
  for (let to = 1; to <= tokenIds.length; to++) {
    const text = decode(tokenIds.slice(from, to));
    const broken = text.indexOf(INCOMPLETE);
    // The model may have written bytes that are no letter in the whole text either.
    const whole = broken < 0 || all[letters + broken] === INCOMPLETE || to === tokenIds.length;
    if (!whole) continue;
    words.push({ text, from, to });
    letters += text.length;
    from = to;
  }
  return words;
}

function joinedAtSpaces(pieces: readonly WordTokens[]): readonly WordTokens[] {
  const words: WordTokens[] = [];
  for (const piece of pieces) {
    const last = words.at(-1);
    const begins = piece.text.startsWith(' ') || MARK.test(piece.text.trim());
    if (last === undefined || begins) words.push(piece);
    else words[words.length - 1] = { ...last, text: last.text + piece.text, to: piece.to };
  }
  return words;
}

/** A word with a time; the marks around it count for its text alone. */
export interface TimedPiece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

export function withMarksMerged(words: readonly TimedPiece[]): readonly TimedPiece[] {
  const opened: TimedPiece[] = [];
  for (const word of words.toReversed()) {
    const next = opened[0];
    const before = word.text.startsWith(' ') && BEFORE.includes(word.text.trim());
    if (next === undefined || !before) opened.unshift(word);
    else opened[0] = { ...next, text: word.text + next.text };
  }
  const merged: TimedPiece[] = [];
  for (const word of opened) {
    const last = merged.at(-1);
    if (last === undefined || last.text.endsWith(' ') || !AFTER.includes(word.text)) {
      merged.push(word);
    } else {
      merged[merged.length - 1] = { ...last, text: last.text + word.text };
    }
  }
  return merged;
}
