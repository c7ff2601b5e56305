/** Pre-tokenizers of tokenizer.json, as the Python package `tokenizers` carries them out. */

import { bytesToChars } from './byte-level.ts';
import { asList, asPart, flagField, type Part, refusePart, textField, typeOf } from './fields.ts';
import { makePattern, SPACE, WORD } from './patterns.ts';

/** Cuts pieces further; `atStart` says that the first of them begins the text. */
export type PreTokenize = (pieces: readonly string[], atStart: boolean) => readonly string[];

const WORDS = new RegExp(`[${WORD}]+|[^${WORD}${SPACE}]+`, 'gu');
const SPACES = new RegExp(`[${SPACE}]`, 'gu');
const PUNCTUATION = /[\p{P}!-/:-@[-`{-~]/gu;
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
    case 'Digits':
      return each(NUMERAL, flagField(part, 'individual_digits', false) ? 'Isolated' : 'Contiguous');
    default:
      return refusePart('pre_tokenizer', type);
  }
}

const BEHAVIOURS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

function asBehaviour(name: string): Behaviour {
  return BEHAVIOURS.find((known) => known === name) ?? refusePart('behavior of Split', name);
}

function each(pattern: RegExp, behaviour: Behaviour, invert = false): PreTokenize {
  return (pieces) => pieces.flatMap((piece) => split(piece, pattern, behaviour, invert));
}

/**
 * Cuts `text` where `pattern` matches.
 *
 * @param invert what lies between the matches is the match instead
 * @returns the parts, none of them empty
 */
export function split(
  text: string,
  pattern: RegExp,
  behaviour: Behaviour,
  invert = false,
): readonly string[] {
  const spans: { text: string; readonly match: boolean }[] = [];
  let end = 0;
  const push = (to: number, match: boolean) => {
    if (to > end) spans.push({ text: text.slice(end, to), match: match !== invert });
    end = Math.max(end, to);
  };
  for (const { 0: matched, index } of text.matchAll(pattern)) {
    push(index, false);
    push(index + matched.length, true);
  }
  push(text.length, false);
  switch (behaviour) {
    case 'Removed':
      return spans.flatMap((span) => (span.match ? [] : [span.text]));
    case 'Isolated':
      return spans.map((span) => span.text);
    case 'Contiguous':
      return joined(spans, (span, previous) => span.match === previous.match);
    case 'MergedWithPrevious':
      return joined(spans, (span, previous) => span.match && !previous.match);
    case 'MergedWithNext':
      return joined(spans, (span, previous) => previous.match && !span.match);
  }
}

interface Span {
  readonly text: string;
  readonly match: boolean;
}

function joined(
  spans: readonly Span[],
  joins: (span: Span, previous: Span) => boolean,
): readonly string[] {
  const parts: string[] = [];
  spans.forEach((span, i) => {
    const previous = spans[i - 1];
    const last = parts.at(-1);
    if (previous !== undefined && last !== undefined && joins(span, previous)) {
      parts[parts.length - 1] = last + span.text;
    } else parts.push(span.text);
  });
  return parts;
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
