/** Whisper's own lists are too large to lie here; compare.ts in e2e/fixtures/tokenizers goes by them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS } from '../../../../e2e/dev-inputs.ts';
import reference from '../../../../e2e/fixtures/tokenizers/reference.json' with { type: 'json' };
import { bytesToChars, charsToBytes } from '../pipeline/byte-level.ts';
import { Tokenizer } from '../tokenizer.ts';
import { fromByteLevelBpe } from './from-byte-level-bpe.ts';
import { fromGgmlTokens, fromWhisperVocabulary } from './from-ggml-tokens.ts';
import { rankedMerges } from './ranked-merges.ts';

const [MODEL] = RECOGNISERS;

interface ByteLevelFile {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
}

async function realFile(): Promise<ByteLevelFile> {
  return JSON.parse(await readFile(join(MODELS_DIRECTORY, MODEL, 'tokenizer.json'), 'utf8'));
}

const OPTIONS = { vocabSize: 2287, endOfTextIds: [768], directory: 'made' };

test('vocab.json, merges.txt and added_tokens.json give the ids of the tokenizer.json', async () => {
  const { model, added_tokens } = await realFile();
  const files = {
    vocab: model.vocab,
    merges: ['#version: 0.2', ...model.merges.map((pair) => pair.join(' ')), ''].join('\n'),
    addedTokens: Object.fromEntries(added_tokens.map(({ content, id }) => [content, id])),
  };
  const vocabSize = Object.keys(model.vocab).length + added_tokens.length;
  const tokenizer = new Tokenizer({ ...OPTIONS, ...fromByteLevelBpe(files), vocabSize });
  const { ids } = reference.models[MODEL];
  expect(reference.texts.map((text) => tokenizer.encode(text))).toEqual(ids);
});

test('added tokens of tokenizer_config.json keep what is said of them', () => {
  const { tokenizer, config } = fromByteLevelBpe({
    vocab: { '<s>': 0, '</s>': 1, a: 2, b: 3, ab: 4 },
    merges: 'a b',
    tokenizerConfig: {
      add_prefix_space: false,
      added_tokens_decoder: { 5: { content: '<mask>', lstrip: true, special: true } },
    },
    specialTokensMap: { bos_token: '<s>', eos_token: { content: '</s>' } },
  });
  const made = new Tokenizer({
    tokenizer,
    config,
    vocabSize: 6,
    endOfTextIds: [1],
    directory: 'x',
  });
  expect(made.encode('ab <mask>a')).toEqual([0, 4, 5, 2, 1]);
});

test.each([
  ['#version: 0.2\na b c', /line 2 of merges.txt is not two tokens/],
  ['a x', /merges "a x", which vocab.json does not have/],
])('merges.txt with %j is refused', (merges, message) => {
  expect(() => fromByteLevelBpe({ vocab: { a: 0, b: 1, ab: 2 }, merges })).toThrow(message);
});

test('the merges of a list of tokens are found by rank', async () => {
  const { model } = await realFile();
  const tokens = Object.entries(model.vocab)
    .toSorted(([, a], [, b]) => a - b)
    .map(([token]) => token);
  const special = tokens.findIndex((token) => token.startsWith('<|'));
  const text = special === -1 ? tokens : tokens.slice(0, special);
  expect(rankedMerges(text)).toEqual(model.merges);
});

/** The bytes, two of them merged, and tokens that nothing is merged to. */
function ggmlTokens(length: number): Uint8Array[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const merged = [Buffer.from(' a'), Buffer.from(' ab'), Buffer.from('é')];
  const rest = Array.from({ length: length - 259 }, (_, i) => Buffer.from(`${i}`.padStart(9, '|')));
  return [...bytes, ...merged, ...rest];
}

test.each([
  ['English', 51_864, 50_256, 50_362],
  ['multilingual', 51_865, 50_257, 50_363],
  ['large-v3', 51_866, 50_257, 50_364],
])(
  'a ggml file of %s Whisper has its tokens where OpenAI has them',
  (_, vocabSize, end, noTimes) => {
    const tokens = ggmlTokens(end);
    const made = fromGgmlTokens(tokens, vocabSize);
    const tokenizer = new Tokenizer({ ...made, vocabSize, endOfTextIds: [end], directory: 'ggml' });
    expect(tokenizer.encode(' abé')).toEqual([end + 1, noTimes, 257, 258, end]);
    expect(tokenizer.tokenId('<|notimestamps|>')).toBe(noTimes);
    expect(tokenizer.tokenId('<|30.00|>')).toBe(vocabSize - 1);
    expect(tokenizer.tokenId('<|yue|>') !== undefined).toBe(vocabSize === 51_866);
    const spelled = tokens.map(bytesToChars);
    const all = [...spelled, ...Array.from({ length: vocabSize - end }, (_, i) => `<${i}>`)];
    expect(fromWhisperVocabulary(all)).toEqual(made);
  },
);

test('a ggml list of another size or of something else is refused', () => {
  expect(() => fromGgmlTokens(ggmlTokens(300), 300)).toThrow(/Whisper has 51864/);
  expect(() => fromGgmlTokens(ggmlTokens(300), 51_865)).toThrow(/has 300 tokens of text/);
  const words = Array.from({ length: 50_257 }, (_, i) => Buffer.from(`word${i}`));
  expect(() => fromGgmlTokens(words, 51_865)).toThrow(/has 0 of the 256 bytes/);
});

test('bytes and their characters turn into each other', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(charsToBytes(bytesToChars(bytes))).toEqual(bytes);
  expect(charsToBytes('\u3042')).toBeNull();
});
