import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftedGreedySearch } from './drafted-greedy.ts';
import { greedySearch } from './greedy.ts';
import { type LogitsProcessor, SuppressTokensAtBegin } from './logits-processors.ts';
import type { SearchOptions } from './search-options.ts';
import { HashingDecoder, VOCABULARY } from './test-hashing-decoder.ts';

const END = 0;
const PROMPT = [1, 2];
const never = new AbortController().signal;

/** Forbids the token before, so that it matters what a processor is told of the row. */
const NO_REPEAT: LogitsProcessor = {
  process: (logits, { generated }) => {
    const last = generated.at(-1);
    if (last !== undefined) logits[last] = Number.NEGATIVE_INFINITY;
  },
};

function options(rows: number, more: Partial<SearchOptions> = {}): SearchOptions {
  return {
    prompts: Array.from({ length: rows }, () => PROMPT),
    processors: [NO_REPEAT, new SuppressTokensAtBegin([END])],
    endOfTextIds: [END],
    maxNewTokens: 12,
    signal: never,
    onStep: undefined,
    ...more,
  };
}

describe('draftedGreedySearch', () => {
  test('gives what greedy search gives, whatever the drafts', async () => {
    const draft = fc.array(fc.integer({ min: 1, max: VOCABULARY - 1 }), { maxLength: 15 });
    const row = fc.record({ seed: fc.integer({ min: 1, max: 9999 }), draft, right: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 6 }), async (rows) => {
        const seeds = rows.map(({ seed }) => seed);
        const expected = await greedySearch(new HashingDecoder(seeds), options(rows.length));
        // Right up to somewhere, then anything.
        const drafts = rows.map(({ draft, right }, r) => [
          ...(expected[r]?.tokenIds.slice(0, right) ?? []),
          ...draft,
        ]);
        const found = await draftedGreedySearch(
          new HashingDecoder(seeds),
          drafts,
          options(rows.length),
        );
        expect(found).toEqual(expected);
      }),
    );
  });

  test('takes no step where every draft is right', async () => {
    const seeds = [11, 222, 3333];
    const texts = await greedySearch(new HashingDecoder(seeds), options(3));
    expect(texts.map(({ finishReason }) => finishReason)).toContain('end-of-text');
    const decoder = new HashingDecoder(seeds);
    const drafts = texts.map(({ tokenIds }) => tokenIds);
    expect(await draftedGreedySearch(decoder, drafts, options(3))).toEqual(texts);
    expect(decoder.steps).toBe(0);
  });

  test('reads drafts of similar length together, and others apart', async () => {
    const decoder = new HashingDecoder([1, 2, 3, 4]);
    const drafts = [4, 9, 5, 8].map((length) => new Array<number>(length).fill(3));
    await draftedGreedySearch(decoder, drafts, options(4));
    expect(decoder.peeks).toEqual([2, 2]);
  });

  test('reads no drafts of a decoder that does not say how many logits it gives', async () => {
    const decoder = new HashingDecoder([5], null);
    const expected = await greedySearch(new HashingDecoder([5]), options(1));
    expect(await draftedGreedySearch(decoder, [[3, 4]], options(1))).toEqual(expected);
    expect(decoder.peeks).toEqual([]);
  });

  test('reports the texts so far and stops when it is cancelled', async () => {
    const controller = new AbortController();
    const search = draftedGreedySearch(new HashingDecoder([7, 8]), [[3], [3]], {
      ...options(2, { processors: [NO_REPEAT, { process: (logits) => logits.fill(-1, END, 1) }] }),
      signal: controller.signal,
      onStep: (texts) => {
        expect(texts.every((ids) => ids.length > 0)).toBe(true);
        controller.abort();
      },
    });
    await expect(search).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
