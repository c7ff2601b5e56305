/** BERT's own normaliser, pre-tokenizer and decoder (Devlin et al. 2019). */

import { flagField, type Part, textField } from './fields.ts';
import { PUNCTUATION, SPACE } from './patterns.ts';
import { split } from './split.ts';
import type { Normalize, PreTokenize } from './steps.ts';

const IDEOGRAPH =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const CONTROL = /(?![\t\n\r])[\0\ufffd\p{Cc}\p{Cf}\p{Co}]/gu;
const SPACES = new RegExp(`[${SPACE}]`, 'gu');

export function bertNormalizer(part: Part): Normalize {
  const cleans = flagField(part, 'clean_text', true);
  const spaces = flagField(part, 'handle_chinese_chars', true);
  const lowers = flagField(part, 'lowercase', true);
  const strips = flagField(part, 'strip_accents', lowers);
  return (text) => {
    let result = cleans ? text.replace(CONTROL, '').replace(SPACES, ' ') : text;
    if (spaces) result = result.replace(IDEOGRAPH, ' $& ');
    if (strips) result = result.normalize('NFD').replace(/\p{Mn}/gu, '');
    return lowers ? lowerCase(result) : result;
  };
}

/** Letter by letter: a sigma at the end of a word is as any other. */
export function lowerCase(text: string): string {
  return Array.from(text, (char) => char.toLowerCase()).join('');
}

export const bertPreTokenizer: PreTokenize = (pieces) =>
  pieces
    .flatMap((piece) => split(piece, SPACES, 'Removed'))
    .flatMap((piece) => split(piece, PUNCTUATION, 'Isolated'));

export function wordPieceDecoder(part: Part): (tokens: readonly string[]) => readonly string[] {
  const prefix = textField(part, 'prefix', '##');
  const tidy = flagField(part, 'cleanup', true) ? tidyEnglish : (text: string) => text;
  return (tokens) =>
    tokens.map((token, i) => {
      if (i === 0) return tidy(token);
      return tidy(token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`);
    });
}

function tidyEnglish(text: string): string {
  return tidySpaces(text).replaceAll(' do not', " don't");
}

/** `clean_up_tokenization` of the Python library, for English. */
export function tidySpaces(text: string): string {
  return text
    .replace(/ ([.?!,])/g, '$1')
    .replaceAll(" ' ", "'")
    .replace(/ (n't|'m|'s|'ve|'re)/g, '$1');
}
