/** White space as Python's str.split() and str.strip() see it, which the reference metrics use. */

/** JavaScript's \s without U+FEFF, and with NEL and the four information separators. */
const SPACE =
  '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const SPACES = new RegExp(`${SPACE}+`, 'gu');
const SPACES_AT_START = new RegExp(`^${SPACE}+`, 'u');
const SPACES_AT_END = new RegExp(`${SPACE}+$`, 'u');

/** The pieces between runs of white space; none of them is empty. */
export function splitWhitespace(text: string): string[] {
  return text.split(SPACES).filter((piece) => piece !== '');
}

/** Without white space at the start and at the end. */
export function stripWhitespace(text: string): string {
  return text.replace(SPACES_AT_START, '').replace(SPACES_AT_END, '');
}
