import { describe, expect, test } from 'vitest';
import reference from '../../../../e2e/fixtures/tokenizers/parts-reference.json' with {
  type: 'json',
};
import { Pipeline } from './pipeline.ts';

describe.each(Object.entries(reference.cases))('a tokenizer.json with %s', (_, expected) => {
  test('gives the ids and texts of the Python library', () => {
    const pipeline = new Pipeline(expected.tokenizer, {});
    const rows = reference.texts.map((text) => pipeline.encode(text, true));
    const differing = reference.texts.filter((_, i) => rows[i]?.join() !== expected.ids[i]?.join());
    expect(differing).toEqual([]);
    const { ids, decoded } = expected;
    expect(ids.map((row) => pipeline.decode(row))).toEqual(decoded ?? expect.anything());
  });
});

const PLAIN = reference.cases['whitespace split'].tokenizer;

/** What is not known is never passed over. */
test.each([
  ['normalizer', { type: 'Nmt' }, /normalizer "Nmt"/],
  ['pre_tokenizer', { type: 'UnicodeScripts' }, /pre_tokenizer "UnicodeScripts"/],
  [
    'pre_tokenizer',
    { type: 'Split', pattern: { Regex: 'a++' }, behavior: 'Isolated' },
    /pattern a\+\+/,
  ],
  [
    'pre_tokenizer',
    { type: 'Split', pattern: { Regex: '[a&&[b]]' }, behavior: 'Isolated' },
    /pattern/,
  ],
  ['post_processor', { type: 'Other' }, /post_processor "Other"/],
  ['decoder', { type: 'CTC' }, /decoder "CTC"/],
  ['model', { ...PLAIN.model, type: 'WordLevel' }, /model "WordLevel"/],
  ['model', { ...PLAIN.model, end_of_word_suffix: '</w>' }, /sets end_of_word_suffix/],
  ['model', { ...PLAIN.model, merges: ['nothing known'] }, /merge "nothing known" names a token/],
  ['added_tokens', [{ id: -1, content: 'x' }], /no token id/],
])('a tokenizer.json with another %s (%o) is refused by name', (part, value, message) => {
  expect(() => new Pipeline({ ...PLAIN, [part]: value }, {})).toThrow(message);
});
