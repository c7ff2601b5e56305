import { describe, expect, test } from 'vitest';
import { FALLBACK_TEMPERATURES, type Fallback } from '../../../contract/speech.ts';
import { compressionRatio, judge } from './quality.ts';
import { withFallback } from './temperature-fallback.ts';

const REFERENCE: Fallback = {
  temperatures: [...FALLBACK_TEMPERATURES],
  compressionRatioThreshold: 2.4,
  logProbabilityThreshold: -1,
  noSpeechThreshold: 0.6,
  seed: 0,
};

test.each([
  // Values of Python: len(b) / len(zlib.compress(b)).
  ['', 0],
  ['Hello there.', 12 / 20],
  ['ha '.repeat(40).trim(), 119 / 14],
  ['Größe 大小', 14 / 23],
])('the compression ratio of %j is that of its UTF-8', (text, ratio) => {
  expect(compressionRatio(text)).toBeCloseTo(ratio, 12);
});

describe('an output is', () => {
  const good = { compressionRatio: 1.2, averageLogProbability: -0.3, noSpeechProbability: 0.1 };
  test.each([
    ['accepted where nothing speaks against it', good, {}, 'accepted'],
    ['decoded again where it repeats itself', { ...good, compressionRatio: 2.5 }, {}, 'again'],
    ['decoded again where it is unsure', { ...good, averageLogProbability: -1.1 }, {}, 'again'],
    [
      'silence where it is unsure and nobody seems to speak',
      { ...good, averageLogProbability: -1.1, noSpeechProbability: 0.7 },
      {},
      'no-speech',
    ],
    [
      'accepted where it is sure, speech or not',
      { ...good, noSpeechProbability: 0.9 },
      {},
      'accepted',
    ],
    [
      'silence by that alone where no sureness is asked for',
      { ...good, noSpeechProbability: 0.9 },
      { logProbabilityThreshold: null },
      'no-speech',
    ],
    [
      'accepted where every threshold is off',
      { compressionRatio: 9, averageLogProbability: -9, noSpeechProbability: 1 },
      { compressionRatioThreshold: null, logProbabilityThreshold: null, noSpeechThreshold: null },
      'accepted',
    ],
    [
      'decoded again where the model has no token for silence',
      { ...good, averageLogProbability: -2, noSpeechProbability: null },
      {},
      'again',
    ],
  ] as const)('%s', (_, measures, thresholds, verdict) => {
    expect(judge(measures, { ...REFERENCE, ...thresholds })).toBe(verdict);
  });
});

describe('falling back', () => {
  /** Row r is accepted at the temperature `needs[r]`. */
  const run = async (needs: readonly number[], temperatures: readonly number[]) => {
    const asked: (readonly [number, readonly number[]])[] = [];
    const outputs = await withFallback(needs.length, {
      temperatures,
      decode: async (rows, temperature) => {
        asked.push([temperature, rows]);
        return rows.map((row) => ({ row, temperature }));
      },
      isAccepted: ({ row, temperature }) => temperature >= (needs[row] ?? 0),
    });
    return { asked, outputs };
  };

  test('decodes again only the rows that failed, together', async () => {
    const { asked, outputs } = await run([0, 0.4, 0, 0.2], [0, 0.2, 0.4, 0.6]);
    expect(asked).toEqual([
      [0, [0, 1, 2, 3]],
      [0.2, [1, 3]],
      [0.4, [1]],
    ]);
    expect(outputs).toEqual([
      { row: 0, temperature: 0 },
      { row: 1, temperature: 0.4 },
      { row: 2, temperature: 0 },
      { row: 3, temperature: 0.2 },
    ]);
  });

  test('takes the last one where none is accepted', async () => {
    const { asked, outputs } = await run([9], [0, 0.5]);
    expect(asked).toHaveLength(2);
    expect(outputs).toEqual([{ row: 0, temperature: 0.5 }]);
  });
});
