import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greedySearch } from './greedy.ts';
import { type GivenOutput, judgeOutputs } from './judge-outputs.ts';
import { HashingDecoder, VOCABULARY } from './test-hashing-decoder.ts';

const END = 0;
const PROMPT = [1, 2];
const SEEDS = [5, 77, 901, 4242];
const { signal } = new AbortController();

function judge(decoder: HashingDecoder, outputs: readonly GivenOutput[], stop = signal) {
  const prompts = outputs.map(() => PROMPT);
  return judgeOutputs(decoder, { outputs, prompts, endOfTextIds: [END], signal: stop });
}

test('an output is as probable as the search that found it says', async () => {
  const found = await greedySearch(new HashingDecoder(SEEDS), {
    prompts: SEEDS.map(() => PROMPT),
    processors: [],
    endOfTextIds: [END],
    maxNewTokens: 9,
    signal,
    onStep: undefined,
  });
  const judged = await judge(new HashingDecoder(SEEDS), found);
  for (const [row, { tokenLogProbabilities, ...output }] of judged.entries()) {
    expect(found[row]).toMatchObject(output);
    expect(tokenLogProbabilities).toEqual(
      found[row]?.tokenLogProbabilities.map((value) => expect.closeTo(value, 6)),
    );
  }
});

test('texts that are read at once are judged as step by step', async () => {
  const output: fc.Arbitrary<GivenOutput> = fc.record({
    tokenIds: fc.array(fc.integer({ min: 1, max: VOCABULARY - 1 }), { maxLength: 12 }),
    finishReason: fc.constantFrom('end-of-text' as const, 'length' as const),
  });
  const outputs = fc.array(output, { minLength: SEEDS.length, maxLength: SEEDS.length });
  await fc.assert(
    fc.asyncProperty(outputs, async (given) => {
      const reading = new HashingDecoder(SEEDS);
      const stepping = new HashingDecoder(SEEDS, null);
      const judged = await judge(reading, given);
      expect(await judge(stepping, given)).toEqual(judged);
      expect([reading.steps, stepping.peeks]).toEqual([0, []]);
    }),
  );
});

test('an output that was cut has no end to be judged', async () => {
  const judged = async (one: GivenOutput) => {
    const [found] = await judge(new HashingDecoder([9]), [one]);
    return found?.tokenLogProbabilities.length;
  };
  expect(await judged({ tokenIds: [3], finishReason: 'end-of-text' })).toBe(2);
  expect(await judged({ tokenIds: [3], finishReason: 'length' })).toBe(1);
  expect(await judged({ tokenIds: [], finishReason: 'length' })).toBe(0);
});

test('it stops when it is cancelled', async () => {
  for (const vocabulary of [VOCABULARY, null]) {
    const decoder = new HashingDecoder([9], vocabulary);
    const judged = judge(decoder, [{ tokenIds: [3], finishReason: 'length' }], AbortSignal.abort());
    await expect(judged).rejects.toMatchObject({ code: 'CANCELLED' });
  }
});
