import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadWords } from './bad-words.ts';
import type { DecoderSession } from './decoder-session.ts';
import { argmax, greedySearch } from './greedy.ts';
import type { Hypothesis, TokenChoice } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import {
  ForcedTokens,
  type LogitsProcessor,
  Renormalise,
  SuppressTokens,
  SuppressTokensAtBegin,
} from './logits-processors.ts';
import { RepetitionPenalty } from './repetition-processors.ts';
import type { SearchOptions } from './search-options.ts';

const END = 0;
const VOCABULARY = 8;
const never = new AbortController().signal;

/** A decoder that writes fixed texts: row r prefers texts[r][step], then the end token. */
class ScriptedDecoder implements DecoderSession {
  readonly batchSizes: number[] = [];
  #rows: readonly (readonly number[])[];
  #step = 0;

  constructor(texts: readonly (readonly number[])[]) {
    this.#rows = texts;
  }

  step(tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    this.batchSizes.push(tokens.length);
    const logits = new Float32Array(tokens.length * VOCABULARY);
    this.#rows.forEach((text, row) => {
      logits[row * VOCABULARY + (text[this.#step] ?? END)] = 5;
      // Second best, so that suppressing the best one shows.
      logits[row * VOCABULARY + 7] = 2;
    });
    this.#step++;
    return Promise.resolve(logits);
  }

  keepRows(rows: readonly number[]): void {
    this.#rows = rows.map((row) => this.#rows[row] ?? []);
  }

  reorderRows(): void {
    throw new Error('Greedy search has no beams.');
  }

  dispose(): void {
    this.#rows = [];
  }
}

/** Says itself which token is best, as a device does. */
class ReducingDecoder extends ScriptedDecoder {
  reduced = 0;

  async mostProbable(
    tokens: readonly (readonly number[])[],
    forbidden: readonly number[],
  ): Promise<readonly TokenChoice[]> {
    const logits = await this.step(tokens);
    this.reduced++;
    return tokens.map((_, row) => {
      const own = logits.subarray(row * VOCABULARY, (row + 1) * VOCABULARY);
      for (const id of forbidden) own[id] = Number.NEGATIVE_INFINITY;
      const id = argmax(own);
      return { id, logProbability: -logSumExpAbove(own, own[id] ?? 0) };
    });
  }
}

const OPTIONS = {
  processors: [],
  endOfTextIds: [END],
  maxNewTokens: 20,
  signal: never,
  onStep: undefined,
};

function search(texts: readonly (readonly number[])[], options: Partial<SearchOptions> = {}) {
  const prompts = texts.map(() => [1]);
  return greedySearch(new ScriptedDecoder(texts), { ...OPTIONS, prompts, ...options });
}

/** Equal but for what rounding makes of log-probabilities. */
function expectAlike(found: readonly Hypothesis[], expected: readonly Hypothesis[]): void {
  expect(found.map(({ tokenIds }) => tokenIds)).toEqual(expected.map(({ tokenIds }) => tokenIds));
  const logProbabilities = (rows: readonly Hypothesis[]) =>
    rows.flatMap(({ tokenLogProbabilities }) => tokenLogProbabilities);
  const wanted = logProbabilities(expected);
  for (const [i, value] of logProbabilities(found).entries()) {
    expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 6);
  }
}

const tokens = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 });

describe('greedySearch', () => {
  test('gives every row the text it gives alone, whatever its neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tokens, { minLength: 1, maxLength: 6 }), async (texts) => {
        const together = await search(texts);
        const alone = await Promise.all(texts.map((text) => search([text])));
        expect(together).toEqual(alone.flat());
        expect(together.map((hypothesis) => hypothesis.tokenIds)).toEqual(texts);
      }),
    );
  });

  test('reads the best tokens only, where a decoder can tell them and processors do no more than forbid', async () => {
    const texts = [[3, 4], [5], [6, 2, 1]];
    const reduced = async (processors: readonly LogitsProcessor[]) => {
      const decoder = new ReducingDecoder(texts);
      const found = await greedySearch(decoder, {
        ...OPTIONS,
        prompts: texts.map(() => [1]),
        processors,
      });
      return { found, share: decoder.reduced / decoder.batchSizes.length };
    };
    const forbidding = [
      new SuppressTokens([3]),
      new SuppressTokensAtBegin([5, 7]),
      new BadWords([[2]], [END]),
      new Renormalise(),
    ];
    for (const processors of [[], forbidding]) {
      const { found, share } = await reduced(processors);
      expectAlike(found, await search(texts, { processors }));
      expect(share).toBe(1);
    }
    // At the second of four steps there is a choice that is more than forbidding.
    const forced = [new ForcedTokens(1, [6])];
    const most = await reduced(forced);
    expectAlike(most.found, await search(texts, { processors: forced }));
    expect(most.share).toBe(3 / 4);
    const penalty = [new RepetitionPenalty(1.5)];
    const none = await reduced(penalty);
    expectAlike(none.found, await search(texts, { processors: penalty }));
    expect(none.share).toBe(0);
  });

  test('drops rows that have ended once they are half of the batch', async () => {
    const decoder = new ScriptedDecoder([[3], [3, 3, 3, 3], [3], [3]]);
    await greedySearch(decoder, {
      prompts: [[1], [1], [1], [1]],
      processors: [],
      endOfTextIds: [END],
      maxNewTokens: 20,
      signal: never,
      onStep: undefined,
    });
    expect(decoder.batchSizes).toEqual([4, 4, 1, 1, 1]);
  });

  test('ends a row at the token limit and says so', async () => {
    const [row] = await search([[3, 4, 5, 6]], { maxNewTokens: 2 });
    expect(row).toMatchObject({ tokenIds: [3, 4], finishReason: 'length' });
  });

  test('reports the log-probability of every token, the end token too', async () => {
    const [row] = await search([[3]]);
    // Logits: 5 for the best, 2 for one other, 0 for the other six.
    const expected = 5 - Math.log(Math.exp(5) + Math.exp(2) + 6);
    expect(row?.tokenLogProbabilities).toHaveLength(2);
    for (const value of row?.tokenLogProbabilities ?? []) expect(value).toBeCloseTo(expected, 6);
  });

  test('never chooses a suppressed token', async () => {
    const [row] = await search([[3, 4]], { processors: [new SuppressTokens([4])] });
    expect(row?.tokenIds).toEqual([3, 7]);
  });

  test('suppresses begin tokens at the first step only', async () => {
    const [row] = await search([[3, 3]], { processors: [new SuppressTokensAtBegin([3])] });
    expect(row?.tokenIds).toEqual([7, 3]);
  });

  test('stops between two steps when it is cancelled', async () => {
    const controller = new AbortController();
    let steps = 0;
    const run = search([[3, 3, 3, 3]], {
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

test('argmax takes the first of equal values and can find −∞ nowhere', () => {
  expect(argmax(Float32Array.of(1, 3, 3, 2))).toBe(1);
  expect(argmax(Float32Array.of(Number.NEGATIVE_INFINITY, -2))).toBe(1);
});
