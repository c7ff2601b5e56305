import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countEdits } from './edit-distance.ts';
import { jiwer } from './test-reference-values.ts';
import { characterErrors, errorRate, normaliseForWer, sumEdits, wordErrors } from './wer.ts';

fc.configureGlobal({ seed: 1 });

describe('error rates', () => {
  it('have the counts and rates of jiwer for sentences', () => {
    expect(jiwer.sentences.length).toBeGreaterThanOrEqual(60);
    for (const { references, hypotheses, words, characters } of jiwer.sentences) {
      const pair = [references[0] ?? '', hypotheses[0] ?? ''] as const;
      for (const [counts, { rate, ...expected }] of [
        [wordErrors(...pair), words],
        [characterErrors(...pair), characters],
      ] as const) {
        expect(counts, JSON.stringify(pair)).toEqual(expected);
        expect(errorRate(counts)).toBeCloseTo(rate, 12);
      }
    }
  });

  it('have the counts and rates of jiwer for corpora', () => {
    expect(jiwer.corpora.length).toBeGreaterThanOrEqual(60);
    for (const { references, hypotheses, words, characters } of jiwer.corpora) {
      for (const [count, { rate, ...expected }] of [
        [wordErrors, words],
        [characterErrors, characters],
      ] as const) {
        const sum = sumEdits(references.map((text, i) => count(text, hypotheses[i] ?? '')));
        expect(sum).toEqual(expected);
        expect(errorRate(sum)).toBeCloseTo(rate, 12);
      }
    }
  });

  it('of an empty reference are the number of insertions, and 0 where nothing was inserted', () => {
    expect(errorRate(wordErrors('', 'two words'))).toBe(2);
    expect(errorRate(wordErrors(' ', ''))).toBe(0);
    expect(errorRate(sumEdits([]))).toBe(0);
  });
});

describe('edit counts', () => {
  const tokens = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

  it('add up to both lengths', () => {
    fc.assert(
      fc.property(tokens, tokens, (reference, hypothesis) => {
        const counts = countEdits(reference, hypothesis);
        const { hits, substitutions, deletions, insertions } = counts;
        expect(hits + substitutions + deletions).toBe(reference.length);
        expect(hits + substitutions + insertions).toBe(hypothesis.length);
      }),
    );
  });

  it('are as few as the definition of the distance allows', () => {
    const distance = (a: readonly string[], b: readonly string[]): number => {
      if (a.length === 0 || b.length === 0) return a.length + b.length;
      const rest = distance(a.slice(1), b.slice(1));
      if (a[0] === b[0]) return rest;
      return 1 + Math.min(rest, distance(a.slice(1), b), distance(a, b.slice(1)));
    };
    const short = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });
    fc.assert(
      fc.property(short, short, (reference, hypothesis) => {
        const { substitutions, deletions, insertions } = countEdits(reference, hypothesis);
        expect(substitutions + deletions + insertions).toBe(distance(reference, hypothesis));
      }),
    );
  });
});

describe('the normal form for WER', () => {
  it.each([
    ['  Hello,   World! ', 'hello world'],
    ["Don’t  say 'yes' or ‘no’.", "don't say yes or no"],
    ['well-known – e.g. U.S.', 'well known e g u s'],
    ['Straße ÄÖÜ', 'straße äöü'],
    ['ﬁne cafe\u0301 Ｆｕｌｌ', 'fine café full'],
    ['$5 + 10%', '5 10'],
    ['Zeit\u00adschrift\ufeff', 'zeitschrift'],
    ['हिन्दी।', 'हिन्दी'],
    ['...', ''],
  ])('of %j is %j', (text, normal) => {
    expect(normaliseForWer(text)).toBe(normal);
  });

  it('is its own normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const normal = normaliseForWer(text);
        expect(normaliseForWer(normal)).toBe(normal);
      }),
    );
  });
});
