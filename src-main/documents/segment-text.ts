/**
 * Cuts a text into sentences for translation and keeps everything between them, so that a
 * translation can be put back into the same layout: leading + Σ (text + separator) is the text,
 * character for character. Sentence ends come from Unicode's rules (UAX #29, Intl.Segmenter).
 */

import type { Sentence } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import { continuesAfter } from './abbreviations.ts';
import { splitOverlong } from './split-overlong.ts';
import { findBlocks, hasLetterOrDigit } from './text-blocks.ts';

export type SegmentedText = {
  /** What stands before the first sentence; the whole text where there is none. */
  readonly leading: string;
  /**
   * In order. `text` is never empty and has no white space or list marker around it (those are in
   * `separator` and `leading`); `input` is `text` with every run of white space made one space.
   */
  readonly sentences: readonly Readonly<Sentence>[];
};

export type SegmentTextOptions = {
  /**
   * Longest `input` in UTF-16 units, at least 2. A longer sentence is split at clause ends or
   * spaces. Choose it so that the model's token limit is never reached.
   */
  readonly maxCharacters?: number;
};

type Span = { readonly start: number; readonly end: number };

const DEFAULT_MAX_CHARACTERS = 400;
const LONGEST_WORD = 64;
/** Mandatory breaks for Intl.Segmenter, which inside a block are only white space. */
const LINE_END = /[\n\r\v\f\u0085\u2028\u2029]/gu;
/** Scripts written without spaces: a line end between two such letters stands for nothing. */
const UNSPACED_LINE_END =
  /(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303F\uFF00-\uFFEF])[^\S\n\r]*[\n\r]\s*(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303F\uFF00-\uFFEF])/gu;

/**
 * Cuts a text into sentences.
 *
 * @param locale BCP 47 tag of the text's language (`de`, `pt-BR`; `deu_Latn` is understood too)
 * @throws VeerError LANGUAGE_UNSUPPORTED for a locale that is no language tag, OPTION_INVALID for
 *   a limit below 2.
 */
export function segmentText(
  text: string,
  locale: string,
  options: SegmentTextOptions = {},
): SegmentedText {
  const limit = options.maxCharacters ?? DEFAULT_MAX_CHARACTERS;
  if (!Number.isInteger(limit) || limit < 2) {
    throw new VeerError('OPTION_INVALID', `maxCharacters must be an integer ≥ 2, not ${limit}.`);
  }
  const language = parseLocale(locale);
  const segmenter = new Intl.Segmenter(language.toString(), { granularity: 'sentence' });
  const spans: Span[] = [];
  for (const block of findBlocks(text)) {
    for (const span of sentencesOf(text, block, segmenter, language.language)) {
      spans.push(...piecesOf(text, span, limit));
    }
  }
  const sentences = spans.map((span, i) => {
    const slice = text.slice(span.start, span.end);
    return {
      index: i,
      text: slice,
      input: modelInput(slice),
      separator: text.slice(span.end, spans[i + 1]?.start ?? text.length),
      translatable: hasLetterOrDigit(slice),
    };
  });
  return { leading: text.slice(0, spans[0]?.start ?? text.length), sentences };
}

function parseLocale(locale: string): Intl.Locale {
  try {
    return new Intl.Locale(locale.replaceAll('_', '-'));
  } catch (cause) {
    throw new VeerError(
      'LANGUAGE_UNSUPPORTED',
      `"${locale}" is not a language tag. Use one such as en, de or pt-BR.`,
      { cause },
    );
  }
}

function* sentencesOf(
  text: string,
  block: Span,
  segmenter: Intl.Segmenter,
  language: string,
): Generator<Span> {
  // Same length as the block, so that positions in it are positions in the text.
  const flat = text.slice(block.start, block.end).replace(LINE_END, ' ');
  let start = 0;
  for (const { index, segment } of segmenter.segment(flat)) {
    const end = index + segment.length;
    const before = flat.slice(start, end).trimEnd();
    const after = flat.slice(end).trimStart();
    // The last word is enough, and a text of nothing but initials stays fast.
    if (after !== '' && continuesAfter(before.slice(-LONGEST_WORD), after, language)) continue;
    if (before.trim() !== '') yield trimmed(text, block.start + start, block.start + end);
    start = end;
  }
}

function piecesOf(text: string, span: Span, limit: number): Span[] {
  const slice = text.slice(span.start, span.end);
  if (modelInput(slice).length <= limit) return [span];
  const spans: Span[] = [];
  let start = span.start;
  for (const piece of splitOverlong(slice, limit)) {
    if (piece.trim() !== '') spans.push(trimmed(text, start, start + piece.length));
    start += piece.length;
  }
  return spans;
}

function trimmed(text: string, start: number, end: number): Span {
  const slice = text.slice(start, end);
  return {
    start: start + slice.length - slice.trimStart().length,
    end: start + slice.trimEnd().length,
  };
}

function modelInput(text: string): string {
  return text
    .replace(UNSPACED_LINE_END, '')
    .replace(/[\s\u0085]+/gu, ' ')
    .trim();
}
