/** Normalisers of tokenizer.json, as the Python package `tokenizers` carries them out. */

import { bertNormalizer, lowerCase } from './bert.ts';
import { Charsmap } from './charsmap.ts';
import { asList, asPart, flagField, refusePart, textField, typeOf } from './fields.ts';
import { makePattern, SPACE } from './patterns.ts';
import type { Normalize } from './steps.ts';

const LEFT = new RegExp(`^[${SPACE}]+`, 'u');
const RIGHT = new RegExp(`[${SPACE}]+$`, 'u');

/** @throws UnsupportedPart */
export function makeNormalizer(value: unknown): Normalize {
  if (value === null || value === undefined) return (text) => text;
  const part = asPart(value, 'normalizer');
  const type = typeOf(part, 'normalizer');
  switch (type) {
    case 'Sequence': {
      const steps = asList(part['normalizers'], 'normalizers').map(makeNormalizer);
      return (text) => steps.reduce((result, step) => step(result), text);
    }
    case 'Precompiled':
      return precompiled(part['precompiled_charsmap']);
    case 'Replace': {
      const pattern = makePattern(part['pattern']);
      const content = textField(part, 'content', '');
      return (text) => text.replace(pattern, () => content);
    }
    case 'Prepend': {
      const prefix = textField(part, 'prepend');
      return (text) => (text === '' ? text : prefix + text);
    }
    case 'Strip': {
      const left = flagField(part, 'strip_left', true) ? LEFT : /^/u;
      const right = flagField(part, 'strip_right', true) ? RIGHT : /^/u;
      return (text) => text.replace(left, '').replace(right, '');
    }
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return (text) => text.normalize(type);
    case 'Lowercase':
      return lowerCase;
    case 'BertNormalizer':
      return bertNormalizer(part);
    case 'StripAccents':
      return (text) => text.replace(/\p{M}/gu, '');
    default:
      return refusePart('normalizer', type);
  }
}

/** Longest cluster in bytes that is looked up as a whole. */
const LONGEST_CLUSTER = 5;

/**
 * The package looks up clusters (a letter with its accents), and where a whole one has no
 * replacement, its characters; SentencePiece takes the longest match instead (`sentencepiece.ts`).
 */
function precompiled(value: unknown): Normalize {
  if (typeof value !== 'string' || value === '') return (text) => text;
  const map = new Charsmap(Buffer.from(value, 'base64'));
  const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const replaced = new Map<string, string | null>();
  const lookUp = (key: string) => {
    let found = replaced.get(key);
    if (found === undefined) {
      const bytes = Buffer.from(key);
      found = bytes.length > LONGEST_CLUSTER ? null : (map.shortest(bytes)?.text ?? null);
      if (replaced.size >= 10_000) replaced.clear();
      replaced.set(key, found);
    }
    return found;
  };
  return (text) => {
    let result = '';
    for (const { segment } of clusters.segment(text)) {
      result += lookUp(segment) ?? Array.from(segment, (char) => lookUp(char) ?? char).join('');
    }
    return result;
  };
}
