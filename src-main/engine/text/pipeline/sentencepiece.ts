/**
 * What SentencePiece does with a text before it cuts it (`normalizer.cc`), and the facts of a model that
 * a tokenizer.json has no room for. They stand as `sentencepiece` in the tokenizer_config.json that
 * `making/` writes, where other programs pass over them.
 */

import { Charsmap } from './charsmap.ts';
import {
  asId,
  asList,
  asPart,
  flagField,
  type Part,
  textField,
  UnsupportedPart,
} from './fields.ts';
import type { Normalize } from './steps.ts';

export interface SentencePieceFacts {
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
  /** User-defined symbols: never normalised, always pieces of their own. */
  readonly symbols: readonly string[];
  /** Ids whose pieces no text is cut into: control symbols, pieces of the other language. */
  readonly silent: ReadonlySet<number>;
  /** Pieces of the model that the vocabulary beside it does not have. */
  readonly passing: readonly { readonly piece: string; readonly score: number }[];
  /** Merges with them; `at` is the place among the merges of tokenizer.json. */
  readonly merges: readonly {
    readonly at: number;
    readonly left: string;
    readonly right: string;
  }[];
}

/** @returns null where the file was not made from a SentencePiece model. @throws UnsupportedPart */
export function readSentencePieceFacts(config: Part): SentencePieceFacts | null {
  const value = config['sentencepiece'];
  if (value === undefined || value === null) return null;
  const part = asPart(value, 'sentencepiece');
  const list = (field: string) => asList(part[field] ?? [], field);
  return {
    addDummyPrefix: flagField(part, 'add_dummy_prefix', true),
    removeExtraWhitespaces: flagField(part, 'remove_extra_whitespaces', true),
    escapeWhitespaces: flagField(part, 'escape_whitespaces', true),
    symbols: list('symbols').map((each) => textField({ each }, 'each')),
    silent: new Set(list('silent').map((id) => asId(id, 'silent id'))),
    passing: list('passing').map((value) => {
      const each = asPart(value, 'passing piece');
      return { piece: textField(each, 'piece'), score: numberOf(each['score']) };
    }),
    merges: list('merges').map((value) => {
      const each = asPart(value, 'merge');
      const at = asId(each['at'], 'merge');
      return { at, left: textField(each, 'left'), right: textField(each, 'right') };
    }),
  };
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new UnsupportedPart('its score is no number');
}

const MARK = '▁';

/** @param normalizer the one of tokenizer.json, of which the table of replacements is taken */
export function sentencePieceNormalizer(normalizer: unknown, facts: SentencePieceFacts): Normalize {
  const map = findCharsmap(normalizer);
  const symbols = facts.symbols
    .toSorted((a, b) => b.length - a.length)
    .map((symbol) => ({ symbol, bytes: Buffer.from(symbol) }));
  const space = facts.escapeWhitespaces ? MARK : ' ';
  const { removeExtraWhitespaces: trims } = facts;

  const chunkAt = (bytes: Buffer, at: number): { text: string; length: number } => {
    const first = bytes[at];
    for (const { symbol, bytes: own } of symbols) {
      if (own[0] === first && bytes.subarray(at, at + own.length).equals(own)) {
        return { text: symbol, length: own.length };
      }
    }
    const replacement = map?.longest(bytes, at);
    if (replacement !== undefined && replacement !== null) return replacement;
    const length = lengthOfCharacter(first ?? 0);
    return { text: bytes.toString('utf8', at, at + length), length };
  };

  return (input) => {
    const bytes = Buffer.from(input);
    let at = 0;
    while (trims && at < bytes.length) {
      const { text, length } = chunkAt(bytes, at);
      if (text !== ' ') break;
      at += length;
    }
    if (at >= bytes.length) return '';
    let result = facts.addDummyPrefix ? space : '';
    let afterSpace = trims;
    while (at < bytes.length) {
      const chunk = chunkAt(bytes, at);
      at += chunk.length;
      const text = afterSpace ? chunk.text.replace(/^ +/, '') : chunk.text;
      if (text === '') continue;
      result += facts.escapeWhitespaces ? text.replaceAll(' ', MARK) : text;
      afterSpace = trims && text.endsWith(' ');
    }
    while (trims && result.endsWith(space)) result = result.slice(0, -1);
    return result;
  };
}

function lengthOfCharacter(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function findCharsmap(normalizer: unknown): Charsmap | null {
  if (normalizer === null || normalizer === undefined) return null;
  const part = asPart(normalizer, 'normalizer');
  for (const each of [part, ...asList(part['normalizers'] ?? [], 'normalizers')]) {
    const table = asPart(each, 'normalizer')['precompiled_charsmap'];
    if (typeof table === 'string' && table !== '')
      return new Charsmap(Buffer.from(table, 'base64'));
  }
  return null;
}
