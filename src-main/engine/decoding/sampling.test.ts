import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from './random-stream.ts';
import { drawToken, sampleSearch } from './sampling.ts';
import { Temperature, TopK } from './sampling-processors.ts';
import { BigramDecoder, END, type Table, VOCABULARY } from './test-bigram-decoder.ts';

const logit = fc.integer({ min: -256, max: 256 }).map((value) => value / 64);
const table: fc.Arbitrary<Table> = fc.array(
  fc.array(logit, { minLength: VOCABULARY, maxLength: VOCABULARY }),
  { minLength: VOCABULARY, maxLength: VOCABULARY },
);
const tables = fc.array(table, { minLength: 1, maxLength: 4 });
/** From the authors' C code in Python, seed 42, name "a name". */
const EXPECTED = [0.778852764646074, 0.9847457832643247, 0.4962999704417179];
const EVEN: Table = Array.from({ length: VOCABULARY }, () => [0, 0, 0, 0]);

interface Sampling {
  readonly seed: number;
  readonly names: readonly string[];
  readonly temperature?: number;
  readonly topK?: number;
  readonly drawTemperature?: number;
}

function sample(inputs: readonly Table[], sampling: Sampling) {
  const { seed, names, temperature = 1, topK = 99, drawTemperature = 1 } = sampling;
  return sampleSearch(new BigramDecoder(inputs), {
    prompts: inputs.map(() => [1]),
    processors: [new Temperature(temperature), new TopK(topK)],
    endOfTextIds: [END],
    maxNewTokens: 8,
    streams: names.map((name) => randomStream(seed, name)),
    drawTemperature,
    signal: new AbortController().signal,
    onStep: undefined,
  });
}

describe('sampleSearch', () => {
  test('gives a row what it gives alone, whatever its neighbours, and every time', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), async (inputs, seed) => {
        const names = inputs.map((_, i) => `input ${i}`);
        const together = await sample(inputs, { seed, names });
        const alone = await Promise.all(
          inputs.map((input, i) => sample([input], { seed, names: [names[i] ?? ''] })),
        );
        expect(together).toEqual(alone.flat());
        const turned = await sample(inputs.toReversed(), { seed, names: names.toReversed() });
        expect(turned.toReversed()).toEqual(together);
      }),
    );
  });

  test('a temperature for the draw alone draws the same and leaves the log-probabilities', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), async (inputs, seed) => {
        const names = inputs.map((_, i) => `input ${i}`);
        const shaped = await sample(inputs, { seed, names, temperature: 0.5 });
        const measured = await sample(inputs, { seed, names, drawTemperature: 0.5 });
        expect(measured.map(({ tokenIds }) => tokenIds)).toEqual(
          shaped.map(({ tokenIds }) => tokenIds),
        );
        for (const [i, { tokenIds, tokenLogProbabilities }] of measured.entries()) {
          const row = inputs[i]?.[1] ?? [];
          const id = tokenIds[0] ?? END;
          const sum = row.reduce((total, value) => total + Math.exp(value), 0);
          expect(tokenLogProbabilities[0]).toBeCloseTo((row[id] ?? 0) - Math.log(sum), 5);
        }
      }),
    );
  });

  test('another seed and another name give another output', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `input ${i}`);
    const inputs = names.map(() => EVEN);
    const texts = async (seed: number) =>
      (await sample(inputs, { seed, names })).map(({ tokenIds }) => tokenIds.join());
    const [first, second] = [await texts(0), await texts(1)];
    expect(first).not.toEqual(second);
    expect(new Set(first).size).toBeGreaterThan(5);
  });

  test('from one token only it is greedy, and certain', async () => {
    const rising: Table = Array.from({ length: VOCABULARY }, () => [0, 1, 2, 3]);
    const [row] = await sample([rising], { seed: 3, names: ['a'], topK: 1 });
    expect(row?.tokenIds).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
    expect(row?.tokenLogProbabilities.every((value) => value === 0)).toBe(true);
  });

  test('reports the log-probability in the distribution drawn from', async () => {
    const [row] = await sample([EVEN], { seed: 0, names: ['a'], temperature: 0.5 });
    // The token before counts a little in this decoder: 0.1 · before · (id − 1.5), here 0 at first.
    expect(row?.tokenLogProbabilities[0]).toBeCloseTo(Math.log(1 / VOCABULARY), 6);
    expect(row?.tokenLogProbabilities.every((value) => value < 0)).toBe(true);
  });
});

describe('drawToken', () => {
  test('draws every token as often as its probability says', () => {
    const uniform = randomStream(7, 'draws');
    const probabilities = [0.5, 0, 0.3, 0.2];
    const logits = Float32Array.from(probabilities, Math.log);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) {
      const id = drawToken(logits, Math.log(0.5), uniform());
      counts[id] = (counts[id] ?? 0) + 1;
    }
    // Five standard deviations.
    counts.forEach((count, id) => {
      const p = probabilities[id] ?? 0;
      expect(Math.abs(count - 20_000 * p)).toBeLessThanOrEqual(5 * Math.sqrt(20_000 * p * (1 - p)));
    });
  });

  test('never draws what is forbidden, at either end', () => {
    const off = Number.NEGATIVE_INFINITY;
    const logits = Float32Array.of(off, 1, 1, off);
    expect(drawToken(logits, 1, 0)).toBe(1);
    expect(drawToken(logits, 1, 1 - 2 ** -53)).toBe(2);
  });
});

describe('randomStream', () => {
  test('is xoshiro128** seeded by SHA-256, as an independent implementation gives it', () => {
    const stream = randomStream(42, 'a name');
    expect([stream(), stream(), stream()]).toEqual(EXPECTED);
  });

  test('lies in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), (seed, name) => {
        const stream = randomStream(seed, name);
        for (let i = 0; i < 50; i++) {
          const value = stream();
          expect(value >= 0 && value < 1).toBe(true);
        }
      }),
    );
  });
});
