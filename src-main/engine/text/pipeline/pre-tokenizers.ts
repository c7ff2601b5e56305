/** Pre-tokenizers of tokenizer.json, as the Python package `tokenizers` carries them out. */

import { bertPreTokenizer } from './bert.ts';
import { bytesToChars } from './byte-level.ts';
import { asList, asPart, flagField, type Part, refusePart, textField, typeOf } from './fields.ts';
import { makePattern, PUNCTUATION, SPACE, WORD } from './patterns.ts';
import { BEHAVIOURS, type Behaviour, split } from './split.ts';
import type { PreTokenize } from './steps.ts';

const WORDS = new RegExp(`[${WORD}]+|[^${WORD}${SPACE}]+`, 'gu');
const SPACES = new RegExp(`[${SPACE}]`, 'gu');
const NUMERAL = /\p{N}/gu;
/** GPT-2's pattern. */
const BYTE_LEVEL = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${SPACE}\\p{L}\\p{N}]+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
  'gu',
);

/** @throws UnsupportedPart */
export function makePreTokenizer(value: unknown): PreTokenize {
  if (value === null || value === undefined) return (pieces) => pieces;
  const part = asPart(value, 'pre_tokenizer');
  const type = typeOf(part, 'pre_tokenizer');
  switch (type) {
    case 'Sequence': {
      const steps = asList(part['pretokenizers'], 'pretokenizers').map(makePreTokenizer);
      return (pieces, atStart) => steps.reduce((result, step) => step(result, atStart), pieces);
    }
    case 'Metaspace':
      return metaspace(part);
    case 'ByteLevel':
      return byteLevel(part);
    case 'Split': {
      const pattern = makePattern(part['pattern']);
      const behaviour = asBehaviour(textField(part, 'behavior'));
      return each(pattern, behaviour, flagField(part, 'invert', false));
    }
    case 'Whitespace':
      return each(WORDS, 'Removed', true);
    case 'WhitespaceSplit':
      return each(SPACES, 'Removed');
    case 'Punctuation':
      return each(PUNCTUATION, asBehaviour(textField(part, 'behavior', 'Isolated')));
    case 'BertPreTokenizer':
      return bertPreTokenizer;
    case 'Digits':
      return each(NUMERAL, flagField(part, 'individual_digits', false) ? 'Isolated' : 'Contiguous');
    default:
      return refusePart('pre_tokenizer', type);
  }
}

function asBehaviour(name: string): Behaviour {
  return BEHAVIOURS.find((known) => known === name) ?? refusePart('behavior of Split', name);
}

function each(pattern: RegExp, behaviour: Behaviour, invert = false): PreTokenize {
  return (pieces) => pieces.flatMap((piece) => split(piece, pattern, behaviour, invert));
}

function metaspace(part: Part): PreTokenize {
  const mark = textField(part, 'replacement', '▁');
  const scheme = schemeOf(part);
  const splits = flagField(part, 'split', true);
  const boundary = makePattern({ String: mark });
  return (pieces, atStart) =>
    pieces.flatMap((piece, i) => {
      let marked = piece.replaceAll(' ', mark);
      const prepends = scheme === 'always' || (scheme === 'first' && atStart && i === 0);
      if (prepends && marked !== '' && !marked.startsWith(mark)) marked = mark + marked;
      return splits ? split(marked, boundary, 'MergedWithNext') : [marked];
    });
}

/** Older files have `add_prefix_space` instead. */
export function schemeOf(part: Part): 'always' | 'first' | 'never' {
  if (!flagField(part, 'add_prefix_space', true)) return 'never';
  const scheme = textField(part, 'prepend_scheme', 'always');
  if (scheme === 'always' || scheme === 'first' || scheme === 'never') return scheme;
  return refusePart('prepend_scheme', scheme);
}

function byteLevel(part: Part): PreTokenize {
  const prefix = flagField(part, 'add_prefix_space', true);
  const useRegex = flagField(part, 'use_regex', true);
  return (pieces) =>
    pieces.flatMap((piece) => {
      const text = prefix && !piece.startsWith(' ') ? ` ${piece}` : piece;
      const words = useRegex ? split(text, BYTE_LEVEL, 'Isolated') : [text];
      return words.map((word) => bytesToChars(Buffer.from(word)));
    });
}
