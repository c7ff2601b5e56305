import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Fixture,
  isFixture,
  madeFixture,
  modelFile,
} from '../../../../e2e/fixtures/tokenizers/made-fixtures.ts';
import reference from '../../../../e2e/fixtures/tokenizers/sentencepiece-reference.json' with {
  type: 'json',
};
import { VeerError } from '../../../contract/errors.ts';
import { Tokenizer } from '../tokenizer.ts';
import { fromSentencePiece } from './from-sentencepiece.ts';
import type { MadeTokenizer } from './made-tokenizer.ts';

const FIXTURES = Object.keys(reference.checksums).filter(isFixture);

function open({ tokenizer, config }: MadeTokenizer): Tokenizer {
  const { added_tokens, model } = tokenizer as { added_tokens: []; model: { vocab: object } };
  const vocabSize = Object.keys(model.vocab).length + added_tokens.length;
  return new Tokenizer({ tokenizer, config, vocabSize, endOfTextIds: [], directory: 'made' });
}

async function openFixture(name: Fixture): Promise<Tokenizer> {
  // Through JSON, as a folder keeps it.
  return open(JSON.parse(JSON.stringify(await madeFixture(name))));
}

describe.each(FIXTURES)('a tokenizer made of a SentencePiece model (%s)', (name) => {
  test('gives the ids of the Python library', async () => {
    const tokenizer = await openFixture(name);
    const expected = reference.checksums[name].split(' ');
    const wrong = reference.texts.filter((text, i) => {
      const ids = tokenizer.encodePlain(text).join();
      return crc32(ids).toString(16).padStart(8, '0') !== expected[i];
    });
    expect(wrong).toEqual([]);
  });

  test('writes the text again', async () => {
    const tokenizer = await openFixture(name);
    const text = 'Where is the station?';
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });
});

test('special tokens stand around a text as the family has them', async () => {
  const t5 = await openFixture('t5');
  expect(t5.frame).toEqual({ before: [], after: [t5.tokenId('</s>')] });
  expect((await openFixture('listed')).frame).toEqual({ before: [], after: [] });
});

test('sentinels, languages and the mask follow the pieces in the order of the families', async () => {
  const t5 = await openFixture('t5');
  expect(t5.tokenId('<extra_id_0>')).toBe((t5.tokenId('<extra_id_99>') ?? 0) + 99);
  const fairseq = await openFixture('fairseq');
  expect(['<s>', '<pad>', '</s>', '<unk>'].map((token) => fairseq.tokenId(token))).toEqual([
    0, 1, 2, 3,
  ]);
  expect(fairseq.tokenId('<mask>')).toBe((fairseq.tokenId('deu_Latn') ?? 0) + 2);
  const m2m = await openFixture('m2m_100');
  expect(m2m.tokenId('__zu__')).toBe((m2m.tokenId('__af__') ?? 0) + 99);
});

test('bytes of characters without a piece become the characters again', async () => {
  const tokenizer = await openFixture('madlad');
  const text = '𠮷 and 🏳️‍🌈';
  expect(tokenizer.decode(tokenizer.encodePlain(text))).toBe(text);
});

test('a vocabulary of something else is refused', async () => {
  const model = await modelFile('marian');
  const vocabulary = { '</s>': 0, '<unk>': 1, '▁a': 2, '<pad>': 3 };
  expect(() => fromSentencePiece({ model, layout: { kind: 'marian', vocabulary } })).toThrow(
    expect.objectContaining({ code: 'TOKENIZER_MISMATCH' }),
  );
  const twice = { '</s>': 0, '<unk>': 1, '▁a': 1, '<pad>': 3 };
  expect(() => fromSentencePiece({ model, layout: { kind: 'marian', vocabulary: twice } })).toThrow(
    /gives "▁a" the id 1/,
  );
});

test('a file with bytes changed or cut off is a tokenizer or a named error', async () => {
  const whole = await modelFile('marian');
  const layout = { kind: 't5', vocabSize: 800 } as const;
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 6 }),
      fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
      (changes, length) => {
        const model = whole.slice(0, length);
        for (const [at, byte] of changes) if (at < length) model[at] = byte;
        try {
          open(fromSentencePiece({ model, layout })).encode('The house, 12 €');
        } catch (error) {
          expect(error).toBeInstanceOf(VeerError);
        }
      },
    ),
    { numRuns: 400 },
  );
});
