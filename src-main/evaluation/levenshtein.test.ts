import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countEdits } from './edit-distance.ts';
import { levenshtein } from './levenshtein.ts';

fc.configureGlobal({ seed: 1 });

/** Few tokens fill most rows, many stand in one row each. Lengths on both sides of a word of bits. */
const texts = fc
  .constantFrom(2, 4, 40, 1000)
  .chain((kinds) => fc.array(fc.nat(kinds - 1).map(String), { maxLength: 150, size: 'max' }));

test('is the number of edits of the best alignment', () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const { substitutions, deletions, insertions } = countEdits(a, b);
      expect(levenshtein(a, b)).toBe(substitutions + deletions + insertions);
    }),
    { numRuns: 1000 },
  );
});

test('the words of four hours take a moment, and no memory to speak of', () => {
  const words = Array.from({ length: 40_000 }, (_, i) => `word ${(i * i) % 7919}`);
  const fewer = words.filter((_, i) => i % 8 !== 3);
  const before = process.memoryUsage().arrayBuffers;
  expect(levenshtein(words, fewer)).toBe(5000);
  expect(levenshtein(fewer, words)).toBe(5000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
});
