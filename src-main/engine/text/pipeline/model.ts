/** The model of a tokenizer.json: what cuts a piece of text into ids. */

import { Bpe } from './bpe.ts';
import {
  asId,
  asList,
  asPart,
  flagField,
  type Part,
  textField,
  UnsupportedPart,
} from './fields.ts';
import type { SentencePieceFacts } from './sentencepiece.ts';
import { Unigram } from './unigram.ts';
import { WordPiece } from './wordpiece.ts';

export interface Model {
  readonly encode: (piece: string) => readonly number[];
  readonly vocabulary: ReadonlyMap<string, number>;
}

/** @throws UnsupportedPart */
export function makeModel(value: unknown, facts: SentencePieceFacts | null): Model {
  const part = asPart(value, 'model');
  const type = part['type'] ?? (Array.isArray(part['vocab']) ? 'Unigram' : 'BPE');
  if (type === 'Unigram') return makeUnigram(part, facts);
  if (type === 'BPE') return makeBpe(part, facts);
  if (type === 'WordPiece') return makeWordPiece(part);
  throw new UnsupportedPart(`its model "${String(type).slice(0, 40)}" is not one that Veer reads`);
}

function makeUnigram(part: Part, facts: SentencePieceFacts | null): Model {
  const pieces = asList(part['vocab'], 'vocab').map((value, id) => {
    const [text, score] = asList(value, 'piece');
    if (typeof text !== 'string' || typeof score !== 'number') {
      throw new UnsupportedPart(`its piece ${id} has no spelling or no score`);
    }
    return { text, score, id };
  });
  const vocabulary = new Map(pieces.map(({ text, id }) => [text, id]));
  const unknownId = part['unk_id'] ?? null;
  const passing = facts?.passing ?? [];
  const unigram = new Unigram({
    pieces: [
      ...pieces.filter(({ id }) => facts?.silent.has(id) !== true),
      ...passing.map(({ piece, score }) => ({ text: piece, score, id: null })),
    ],
    symbols: new Set(facts?.symbols),
    single: facts !== null,
    vocabulary,
    unknownId: unknownId === null ? null : asId(unknownId, 'unk_id'),
    byteFallback: flagField(part, 'byte_fallback', false),
    fuses: true,
  });
  return { encode: (piece) => unigram.encode(piece), vocabulary };
}

function makeBpe(part: Part, facts: SentencePieceFacts | null): Model {
  for (const field of ['continuing_subword_prefix', 'end_of_word_suffix', 'dropout']) {
    const set = part[field] ?? '';
    if (set !== '' && set !== 0) {
      throw new UnsupportedPart(`its model sets ${field}, which Veer does not read`);
    }
  }
  const vocabulary = vocabularyOf(part);
  const unknown = textField(part, 'unk_token', '');
  const silent = new Set(facts?.silent);
  const spoken =
    silent.size === 0 ? vocabulary : new Map([...vocabulary].filter(([, id]) => !silent.has(id)));
  const bpe = new Bpe({
    vocabulary,
    spoken,
    merges: allMerges(asList(part['merges'], 'merges'), facts),
    passing: facts?.passing.map(({ piece }) => piece) ?? [],
    symbols: facts?.symbols ?? [],
    ranksByResult: facts !== null,
    ignoresMerges: flagField(part, 'ignore_merges', false),
    unknownId: unknown === '' ? null : (vocabulary.get(unknown) ?? null),
    byteFallback: flagField(part, 'byte_fallback', false),
    fuses: facts !== null || flagField(part, 'fuse_unk', false),
  });
  return { encode: (piece) => bpe.encode(piece), vocabulary };
}

function makeWordPiece(part: Part): Model {
  const vocabulary = vocabularyOf(part);
  const wordPiece = new WordPiece({
    vocabulary,
    unknownId: vocabulary.get(textField(part, 'unk_token', '[UNK]')) ?? null,
    prefix: textField(part, 'continuing_subword_prefix', '##'),
    longestWord: asId(part['max_input_chars_per_word'] ?? 100, 'max_input_chars_per_word'),
  });
  return { encode: (word) => wordPiece.encode(word), vocabulary };
}

function vocabularyOf(part: Part): ReadonlyMap<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, id] of Object.entries(asPart(part['vocab'], 'vocab'))) {
    vocabulary.set(token, asId(id, token));
  }
  return vocabulary;
}

/** Pairs, or in older files two tokens with a space between. */
function allMerges(
  merges: readonly unknown[],
  facts: SentencePieceFacts | null,
): readonly (readonly [string, string])[] {
  if (facts === null || facts.merges.length === 0) return merges.map(asPair);
  const placed = merges.map((value, at) => ({ at, pair: asPair(value) }));
  const more = facts.merges.map(({ at, left, right }) => ({
    at: at - 0.5,
    pair: [left, right] as const,
  }));
  return [...placed, ...more].toSorted((a, b) => a.at - b.at).map(({ pair }) => pair);
}

function asPair(value: unknown): readonly [string, string] {
  const [left, right, ...more] =
    typeof value === 'string' ? value.split(' ') : asList(value, 'merge');
  if (typeof left === 'string' && typeof right === 'string' && more.length === 0) {
    return [left, right];
  }
  throw new UnsupportedPart('one of its merges is not two tokens');
}
