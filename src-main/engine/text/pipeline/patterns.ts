/** Patterns of tokenizer.json (Oniguruma's syntax, Unicode classes) as regular expressions of JavaScript. */

import { asPart, textField, UnsupportedPart } from './fields.ts';

/** `\w` of Rust's expressions: UTS 18, annex C. */
export const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';
/** Whitespace of Unicode. JavaScript's own `\s` has U+FEFF too and lacks U+0085. */
export const SPACE = '\\p{White_Space}';

/** As Rust's `is_punctuation` and BERT have it: signs of ASCII among it. */
export const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;

/** `\w` of Oniguruma, within brackets; outside it has some digits of Latin-1 too. */
const ONIGURUMA_WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}';
const LATIN_DIGITS = '\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be';

const CLASSES: Readonly<Record<string, readonly [positive: boolean, inside: string]>> = {
  s: [true, SPACE],
  S: [false, SPACE],
  d: [true, '\\p{Nd}'],
  D: [false, '\\p{Nd}'],
  w: [true, ONIGURUMA_WORD],
  W: [false, ONIGURUMA_WORD],
};

/** Escapes that mean the same in both. */
const SAME = /^[nrtfv\\^$.*+?()[\]{}|/\-pPxu]$/;

/**
 * The pattern of a part, `{ "String": … }` or `{ "Regex": … }`, to be used with matchAll.
 *
 * @throws UnsupportedPart where JavaScript would read the expression otherwise, or not at all
 */
export function makePattern(value: unknown): RegExp {
  const part = asPart(value, 'pattern');
  if (part['String'] !== undefined) {
    return new RegExp(textField(part, 'String').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu');
  }
  const source = textField(part, 'Regex');
  try {
    return new RegExp(translate(source), 'gum');
  } catch (cause) {
    throw new UnsupportedPart(`its pattern ${source.slice(0, 80)} cannot be read`, { cause });
  }
}

function translate(source: string): string {
  let result = '';
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === '\\') {
      result += translateEscape(source.charAt(++i), depth > 0);
      continue;
    }
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (depth > 1 || (depth > 0 && source.startsWith('&&', i))) {
      throw new Error('A class within a class');
    }
    // JavaScript wants a minus sign, a slash and the like as they are: nothing to do.
    result += char;
  }
  return result;
}

function translateEscape(char: string, inClass: boolean): string {
  const named = CLASSES[char];
  if (named !== undefined) {
    const [positive, inside] = named;
    const outside = inside === ONIGURUMA_WORD ? inside + LATIN_DIGITS : inside;
    if (!inClass) return positive ? `[${outside}]` : `[^${outside}]`;
    if (positive) return inside;
    // \P{…} can stand within a class; the complement of several cannot.
    if (char === 'W') throw new Error('A complement within a class');
    return inside.replace('\\p', '\\P');
  }
  if (SAME.test(char)) return char === '-' && !inClass ? '-' : `\\${char}`;
  if (/[A-Za-z0-9]/.test(char)) throw new Error(`\\${char} has another meaning`);
  return char;
}
