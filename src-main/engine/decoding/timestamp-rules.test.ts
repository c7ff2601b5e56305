import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argmax } from './greedy.ts';
import { TimestampRules } from './timestamp-rules.ts';

fc.configureGlobal({ seed: 1 });

/** 0 to 7 text, 8 end of text, 9 no timestamps, 10 to 20 timestamps. */
const TOKENS = { noTimestamps: 9, first: 10, endOfText: 8, maxInitial: 3 };
const VOCABULARY = 21;
const rules = new TimestampRules(TOKENS);

const logits = fc
  .array(fc.double({ min: -8, max: 8, noNaN: true }), {
    minLength: VOCABULARY,
    maxLength: VOCABULARY,
  })
  .map((values) => Float32Array.from(values));

function after(generated: readonly number[], values: Float32Array): Float32Array {
  const scores = values.slice();
  rules.process(scores, { prompt: [1, 2], generated });
  return scores;
}

const allowed = (scores: Float32Array) =>
  [...scores.keys()].filter((id) => scores[id] !== Number.NEGATIVE_INFINITY);

/** What greedy search writes under the rules. */
function decoded(steps: readonly Float32Array[]): readonly number[] {
  const generated: number[] = [];
  for (const step of steps) {
    const id = argmax(after(generated, step));
    if (id === TOKENS.endOfText) break;
    generated.push(id);
  }
  return generated;
}

describe('what is written under the rules', () => {
  test('begins with an early timestamp; times never go back, and come in pairs', () => {
    fc.assert(
      fc.property(fc.array(logits, { minLength: 1, maxLength: 12 }), (steps) => {
        const ids = decoded(steps);
        expect(ids[0]).toBeGreaterThanOrEqual(TOKENS.first);
        expect(ids[0]).toBeLessThanOrEqual(TOKENS.first + TOKENS.maxInitial);
        expect(ids).not.toContain(TOKENS.noTimestamps);
        const times = ids.filter((id) => id >= TOKENS.first);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const kinds = ids.map((id) => (id >= TOKENS.first ? 'T' : 'w')).join('');
        // The begin, phrases that end in a pair, and one that may not have ended yet.
        expect(kinds).toMatch(/^T(w+TT)*(w+T?)?$/);
      }),
    );
  });

  test('has phrases that last', () => {
    fc.assert(
      fc.property(fc.array(logits, { minLength: 3, maxLength: 12 }), (steps) => {
        const ids = decoded(steps);
        for (const [i, id] of ids.entries()) {
          const before = ids.slice(0, i).findLast((other) => other >= TOKENS.first);
          const word = (ids[i - 1] ?? TOKENS.first) < TOKENS.first;
          if (id >= TOKENS.first && word) expect(id).toBeGreaterThan(before ?? -1);
        }
      }),
    );
  });
});

test('a timestamp is taken where all together pass the best other token', () => {
  const values = new Float32Array(VOCABULARY).fill(-20);
  values[3] = 2;
  // 10 timestamps after the first one: together ln 10 = 2.3 above one of them.
  values.fill(0, TOKENS.first);
  expect(allowed(after([10, 4], values)).every((id) => id >= TOKENS.first)).toBe(true);
  values.fill(-1, TOKENS.first);
  expect(allowed(after([10, 4], values))).toContain(3);
});

test('the text may end where a pair may begin', () => {
  const values = new Float32Array(VOCABULARY);
  values[8] = 9;
  expect(allowed(after([10, 4], values))).toContain(TOKENS.endOfText);
  expect(allowed(after([10, 4, 12], values))).toEqual(
    [8, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20].filter((id) => id !== 9),
  );
  expect(allowed(after([10, 4, 12, 12], values)).every((id) => id < 9)).toBe(true);
});

test('any first timestamp is possible where the files name no latest one', () => {
  const scores = new Float32Array(VOCABULARY);
  new TimestampRules({ ...TOKENS, maxInitial: null }).process(scores, {
    prompt: [],
    generated: [],
  });
  expect(allowed(scores)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});
