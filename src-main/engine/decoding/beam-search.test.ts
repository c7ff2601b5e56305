import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoredHypothesis } from './beam-hypotheses.ts';
import { type BeamOptions, beamSearch } from './beam-search.ts';
import { greedySearch } from './greedy.ts';
import { NoRepeatNgram } from './repetition-processors.ts';
import {
  BigramDecoder,
  bestSequences,
  END,
  type Table,
  VOCABULARY,
} from './test-bigram-decoder.ts';

const never = new AbortController().signal;
/** Equal or clearly different, so that rounding to float32 decides nothing. */
const logit = fc.integer({ min: -256, max: 256 }).map((value) => value / 64);
const table: fc.Arbitrary<Table> = fc.array(
  fc.array(logit, { minLength: VOCABULARY, maxLength: VOCABULARY }),
  { minLength: VOCABULARY, maxLength: VOCABULARY },
);
const tables = fc.array(table, { minLength: 1, maxLength: 4 });
const options = fc.record({
  beams: fc.integer({ min: 1, max: 5 }),
  lengthPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  earlyStopping: fc.constantFrom(true, false, 'never' as const),
  maxNewTokens: fc.integer({ min: 1, max: 6 }),
});

function search(
  inputs: readonly Table[],
  more: Partial<BeamOptions>,
): Promise<readonly (readonly ScoredHypothesis[])[]> {
  return beamSearch(new BigramDecoder(inputs), {
    prompts: inputs.map(() => [1]),
    processors: [],
    endOfTextIds: [END],
    maxNewTokens: 4,
    beams: 4,
    lengthPenalty: 1,
    earlyStopping: false,
    signal: never,
    onStep: undefined,
    ...more,
  });
}

describe('beamSearch', () => {
  test('finds the best of all sequences where the beams hold them all', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.double({ min: -2, max: 2, noNaN: true }),
        async (one, lengthPenalty) => {
          const maxNewTokens = 4;
          const beams = VOCABULARY ** maxNewTokens;
          const more = { beams, lengthPenalty, maxNewTokens, earlyStopping: 'never' } as const;
          const [found = []] = await search([one], more);
          const best = bestSequences(one, 1, maxNewTokens, lengthPenalty);
          expect(found).toHaveLength(best.length);
          found.forEach(({ tokenIds, score }, i) => {
            expect(score).toBeCloseTo(best[i]?.score ?? Number.NaN, 4);
            const same = best.filter((other) => Math.abs(other.score - score) < 1e-4);
            expect(same.map((other) => other.tokenIds.join())).toContain(tokenIds.join());
          });
        },
      ),
      { numRuns: 25 },
    );
  });

  test('never gives more than as many hypotheses as beams, the best first, none twice', async () => {
    await fc.assert(
      fc.asyncProperty(tables, options, async (inputs, more) => {
        for (const found of await search(inputs, more)) {
          expect(found.length).toBeGreaterThan(0);
          expect(found.length).toBeLessThanOrEqual(more.beams);
          const scores = found.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          const texts = found.map((one) => `${one.tokenIds} ${one.finishReason}`);
          expect(new Set(texts).size).toBe(texts.length);
        }
      }),
    );
  });

  test('a score is the sum of the log-probabilities over a power of the length', async () => {
    await fc.assert(
      fc.asyncProperty(tables, options, async (inputs, more) => {
        for (const { tokenIds, tokenLogProbabilities, score, finishReason } of (
          await search(inputs, more)
        ).flat()) {
          const length = tokenIds.length + (finishReason === 'end-of-text' ? 1 : 0);
          expect(tokenLogProbabilities).toHaveLength(length);
          const sum = tokenLogProbabilities.reduce((a, b) => a + b, 0);
          expect(score).toBeCloseTo(sum / length ** more.lengthPenalty, 9);
        }
      }),
    );
  });

  test('gives an input what it gives alone, whatever its neighbours, and every time', async () => {
    await fc.assert(
      fc.asyncProperty(tables, options, async (inputs, more) => {
        const together = await search(inputs, more);
        const alone = await Promise.all(inputs.map((input) => search([input], more)));
        expect(together).toEqual(alone.flat());
        expect(await search(inputs, more)).toEqual(together);
      }),
    );
  });

  test('with one beam that stops at its first end it is greedy search', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (inputs) => {
        const more = { beams: 1, earlyStopping: true, maxNewTokens: 6 } as const;
        const greedy = await greedySearch(new BigramDecoder(inputs), {
          prompts: inputs.map(() => [1]),
          processors: [],
          endOfTextIds: [END],
          maxNewTokens: 6,
          signal: never,
          onStep: undefined,
        });
        const found = await search(inputs, more);
        expect(found.map(([best]) => best?.tokenIds)).toEqual(greedy.map((row) => row.tokenIds));
        expect(found.map(([best]) => best?.finishReason)).toEqual(
          greedy.map((row) => row.finishReason),
        );
      }),
    );
  });

  test('a processor sees every path with its own tokens', async () => {
    await fc.assert(
      fc.asyncProperty(tables, options, async (inputs, more) => {
        const found = await search(inputs, { ...more, processors: [new NoRepeatNgram(1)] });
        for (const { tokenIds } of found.flat()) {
          expect(new Set([1, ...tokenIds]).size).toBe(tokenIds.length + 1);
        }
      }),
    );
  });

  test('drops the rows of inputs that are done', async () => {
    const short: Table = Array.from({ length: VOCABULARY }, () => [9, 0, 0, 0]);
    const long: Table = Array.from({ length: VOCABULARY }, () => [-9, 0, 1, 2]);
    const decoder = new BigramDecoder([short, long, short]);
    await beamSearch(decoder, {
      prompts: [[1], [1], [1]],
      processors: [],
      endOfTextIds: [END],
      maxNewTokens: 6,
      beams: 2,
      lengthPenalty: 1,
      earlyStopping: true,
      signal: never,
      onStep: undefined,
    });
    expect(decoder.batchSizes[0]).toBe(3);
    expect(decoder.batchSizes.at(-1)).toBe(2);
  });

  test('says that a model gave no numbers as greedy search does', async () => {
    const broken: Table = Array.from({ length: VOCABULARY }, () => [Number.NaN, 0, 0, 0]);
    const [found = []] = await search([broken], {});
    expect(found.map((one) => one.tokenLogProbabilities)).toEqual([[Number.NaN]]);
  });

  test('stops between two steps when it is cancelled', async () => {
    const controller = new AbortController();
    let steps = 0;
    const run = search([Array.from({ length: VOCABULARY }, () => [-9, 0, 1, 2])], {
      signal: controller.signal,
      onStep: () => {
        steps++;
        if (steps === 2) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(steps).toBe(2);
  });
});
