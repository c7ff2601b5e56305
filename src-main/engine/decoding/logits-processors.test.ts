import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadWords } from './bad-words.ts';
import {
  ForcedTokens,
  type LogitsProcessor,
  MinLength,
  Renormalise,
  SuppressTokens,
  SuppressTokensAtBegin,
} from './logits-processors.ts';
import { NoRepeatNgram, RepetitionPenalty } from './repetition-processors.ts';
import { Temperature, TopK, TopP } from './sampling-processors.ts';

const VOCABULARY = 6;
const OFF = Number.NEGATIVE_INFINITY;
const token = fc.integer({ min: 0, max: VOCABULARY - 1 });
const ids = fc.array(token, { maxLength: 10 });
const logits = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), {
    minLength: VOCABULARY,
    maxLength: VOCABULARY,
  })
  .map((values) => Float32Array.from(values));

function processed(
  processor: LogitsProcessor,
  values: ArrayLike<number>,
  generated: readonly number[] = [],
  prompt: readonly number[] = [],
): readonly number[] {
  const copy = Float32Array.from(values);
  processor.process(copy, { prompt, generated });
  return [...copy];
}

const forbidden = (values: readonly number[]) =>
  values.flatMap((value, id) => (value === OFF ? [id] : []));

describe('what is forbidden or forced', () => {
  const ones = [1, 1, 1, 1];

  test('a suppressed token at every step, one at the begin at its step only', () => {
    expect(forbidden(processed(new SuppressTokens([1, 3]), ones, [2, 2]))).toEqual([1, 3]);
    expect(forbidden(processed(new SuppressTokensAtBegin([2]), ones))).toEqual([2]);
    expect(forbidden(processed(new SuppressTokensAtBegin([2]), ones, [0]))).toEqual([]);
    expect(forbidden(processed(new SuppressTokensAtBegin([2], 1), ones))).toEqual([]);
    expect(forbidden(processed(new SuppressTokensAtBegin([2], 1), ones, [0]))).toEqual([2]);
  });

  test('bad words: single tokens always, rows of tokens at their last one', () => {
    const bad = new BadWords([[1], [2, 0], [3]], [3]);
    expect(forbidden(processed(bad, ones))).toEqual([1]);
    expect(forbidden(processed(bad, ones, [0, 2]))).toEqual([0, 1]);
    expect(forbidden(processed(bad, ones, [2, 0]))).toEqual([1]);
    // The prompt counts; the library passes over what is longer than all that stands.
    expect(forbidden(processed(bad, ones, [], [3, 2]))).toEqual([0, 1]);
    expect(forbidden(processed(bad, ones, [], [2]))).toEqual([1]);
    expect(forbidden(processed(new BadWords([[2, 3, 0]], []), ones, [3], [1, 2]))).toEqual([0]);
  });

  test('renormalised scores are log-probabilities again, in the same order', () => {
    const scores = processed(new Renormalise(), [OFF, 1, 3, 2]);
    expect(scores[0]).toBe(OFF);
    expect(scores.reduce((sum, score) => sum + Math.exp(score), 0)).toBeCloseTo(1, 5);
    expect((scores[2] ?? 0) - (scores[1] ?? 0)).toBeCloseTo(2, 5);
  });

  test('no end before the least length', () => {
    expect(forbidden(processed(new MinLength(2, [0, 3]), ones, [1]))).toEqual([0, 3]);
    expect(forbidden(processed(new MinLength(2, [0, 3]), ones, [1, 1]))).toEqual([]);
  });

  test('a forced token is certain at its step', () => {
    expect(processed(new ForcedTokens(1, [2]), ones, [3])).toEqual([OFF, OFF, 0, OFF]);
    expect(processed(new ForcedTokens(1, [2]), ones)).toEqual(ones);
  });
});

describe('RepetitionPenalty', () => {
  test('divides a positive score and multiplies a negative one, once for each token', () => {
    const penalty = new RepetitionPenalty(2);
    expect(processed(penalty, [4, -4, 3, -3], [0, 1, 1, 0])).toEqual([2, -8, 3, -3]);
  });

  test('counts the prompt, and ids that no logit has are left alone', () => {
    expect(processed(new RepetitionPenalty(2), [4, 4], [], [1, 99])).toEqual([4, 2]);
  });

  test('touches the tokens that are there and no others', () => {
    fc.assert(
      fc.property(logits, ids, ids, (values, generated, prompt) => {
        const result = processed(new RepetitionPenalty(1.5), values, generated, prompt);
        result.forEach((value, id) => {
          const there = generated.includes(id) || prompt.includes(id);
          const before = values[id] ?? Number.NaN;
          const expected = before < 0 ? before * 1.5 : before / 1.5;
          expect(value).toBe(there ? Math.fround(expected) : before);
        });
      }),
    );
  });
});

describe('NoRepeatNgram', () => {
  test('forbids what would repeat, the prompt included', () => {
    const zeros = new Float32Array(VOCABULARY);
    expect(forbidden(processed(new NoRepeatNgram(2), zeros, [3, 4, 3]))).toEqual([4]);
    expect(forbidden(processed(new NoRepeatNgram(3), zeros, [1, 2, 5, 1, 2]))).toEqual([5]);
    expect(forbidden(processed(new NoRepeatNgram(2), zeros, [4, 1], [1]))).toEqual([4]);
    expect(forbidden(processed(new NoRepeatNgram(1), zeros, [4, 1], [2]))).toEqual([1, 2, 4]);
  });

  test('forbids exactly the tokens that would write some n tokens twice', () => {
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 1, max: 4 }), (prompt, generated, size) => {
        const zeros = new Float32Array(VOCABULARY);
        const off = forbidden(processed(new NoRepeatNgram(size), zeros, generated, prompt));
        const written = [...prompt, ...generated];
        const ngrams = (all: readonly number[]) =>
          all.slice(size - 1).map((_, i) => all.slice(i, i + size).join());
        const known = new Set(ngrams(written));
        for (let id = 0; id < VOCABULARY; id++) {
          const last = [...written, id].slice(-size);
          expect(off.includes(id)).toBe(last.length === size && known.has(last.join()));
        }
      }),
    );
  });
});

describe('the distribution to draw from', () => {
  const probabilities = (values: readonly number[]) => {
    const max = Math.max(...values);
    const weights = values.map((value) => Math.exp(value - max));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  };

  test('a temperature divides', () => {
    expect(processed(new Temperature(2), [4, -2, OFF])).toEqual([2, -1, OFF]);
  });

  test('top-k keeps the k best and their equals', () => {
    expect(forbidden(processed(new TopK(2), [1, 5, 3, 3, 2]))).toEqual([0, 4]);
    expect(forbidden(processed(new TopK(9), [1, 5]))).toEqual([]);
  });

  test('top-p keeps the fewest tokens that have p together', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, p) => {
        const all = probabilities([...values]);
        const off = forbidden(processed(new TopP(p), values));
        const kept = all.flatMap((one, id) => (off.includes(id) ? [] : [one]));
        const gone = off.map((id) => all[id] ?? 0);
        expect(Math.max(0, ...gone)).toBeLessThanOrEqual(Math.min(...kept) + 1e-12);
        const sum = kept.reduce((a, b) => a + b, 0);
        expect(sum).toBeGreaterThanOrEqual(p - 1e-9);
        // Without the least probable of them it would be less than p.
        expect(kept.length === 1 || sum - Math.min(...kept) < p + 1e-9).toBe(true);
      }),
    );
  });
});
