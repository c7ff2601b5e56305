import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greedySearch } from './greedy.ts';
import { averageLogProbability } from './hypothesis.ts';
import { type JudgedOutput, judgeOutputs } from './judge-outputs.ts';
import { HashingDecoder, VOCABULARY } from './test-hashing-decoder.ts';

const END = 0;
const PROMPT = [1, 2];
const OPTIONS = { prompt: PROMPT, endOfTextId: END, signal: new AbortController().signal };

const output = (rows: number): fc.Arbitrary<JudgedOutput> =>
  fc.record({
    row: fc.nat(rows - 1),
    tokenIds: fc.array(fc.integer({ min: 1, max: VOCABULARY - 1 }), { maxLength: 12 }),
    finishReason: fc.constantFrom('end-of-text' as const, 'length' as const),
  });

test('an output is as probable as the search that found it says', async () => {
  const seeds = [11, 222, 3333];
  const found = await greedySearch(new HashingDecoder(seeds), {
    prompts: seeds.map(() => PROMPT),
    processors: [],
    endOfTextIds: [END],
    maxNewTokens: 9,
    signal: OPTIONS.signal,
    onStep: undefined,
  });
  const outputs = found.map(({ tokenIds, finishReason }, row) => ({ row, tokenIds, finishReason }));
  const judged = await judgeOutputs(new HashingDecoder(seeds), outputs, OPTIONS);
  for (const [row, one] of found.entries()) {
    expect(judged[row]).toBeCloseTo(averageLogProbability(one), 6);
  }
});

test('texts that are read at once are judged as step by step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(output(4), { minLength: 1, maxLength: 8 }), async (outputs) => {
      const seeds = [5, 77, 901, 4242];
      const reading = new HashingDecoder(seeds);
      const stepping = new HashingDecoder(seeds, null);
      const judged = await judgeOutputs(reading, outputs, OPTIONS);
      expect(await judgeOutputs(stepping, outputs, OPTIONS)).toEqual(judged);
      expect([reading.steps, stepping.peeks]).toEqual([0, []]);
    }),
  );
});

test('an output that was cut has no end to be judged; an empty one is nothing or its end', async () => {
  const judge = (one: Omit<JudgedOutput, 'row'>) =>
    judgeOutputs(new HashingDecoder([9]), [{ row: 0, ...one }], OPTIONS);
  const [ended] = await judge({ tokenIds: [3], finishReason: 'end-of-text' });
  const [cut] = await judge({ tokenIds: [3], finishReason: 'length' });
  expect(ended).not.toBe(cut);
  expect(await judge({ tokenIds: [], finishReason: 'length' })).toEqual([0]);
  const [end = 0] = await judge({ tokenIds: [], finishReason: 'end-of-text' });
  expect(end).toBeLessThan(0);
});

test('it stops when it is cancelled', async () => {
  const outputs = [{ row: 0, tokenIds: [3], finishReason: 'length' as const }];
  const options = { ...OPTIONS, signal: AbortSignal.abort() };
  for (const vocabulary of [VOCABULARY, null]) {
    const judged = judgeOutputs(new HashingDecoder([9], vocabulary), outputs, options);
    await expect(judged).rejects.toMatchObject({ code: 'CANCELLED' });
  }
});
