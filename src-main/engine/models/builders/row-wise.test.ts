/** Row-wise int8: a row gives bit for bit what it gives alone, whatever its batch. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dimension, floatData, selectRows } from '../../onnx/tensor.ts';
import {
  CHECKPOINT_NAMES,
  feedsOf,
  type OpenedCheckpoint,
  openCheckpoint,
  type ReferenceCase,
} from './test-checkpoints.ts';

/** Of mixed lengths, so that most rows are padded. */
const ROWS = 12;
/** Read one after the other behind the prompt, whatever a search would choose. */
const TOKENS = [7, 9, 11, 30, 100];

describe.each(CHECKPOINT_NAMES)('%s in int8', (name) => {
  let opened: OpenedCheckpoint;
  beforeAll(async () => {
    opened = await openCheckpoint(name, 'int8');
  });
  afterAll(() => opened.close());

  async function run(cases: readonly ReferenceCase[]) {
    const { graphs, hiddenSize, cache, reference } = opened;
    const { feeds, mask } = feedsOf(cases);
    const hiddenStates = await graphs.encode(feeds, hiddenSize);
    const session = graphs.decoderSession(hiddenStates, mask, cache);
    const logits = [await session.step(cases.map(() => reference.prompt))];
    for (const token of TOKENS) logits.push(await session.step(cases.map(() => [token])));
    session.dispose();
    return { hiddenStates, logits };
  }

  test('encoder outputs and logits of a batch are those of its rows alone', async () => {
    const cases = opened.reference.cases.slice(0, ROWS);
    const batch = await run(cases);
    for (const [row, one] of cases.entries()) {
      const alone = await run([one]);
      const [, length, size] = alone.hiddenStates.dims;
      const own = floatData(selectRows(batch.hiddenStates, [row]));
      expect(own.subarray(0, (length ?? 0) * (size ?? 0))).toEqual(floatData(alone.hiddenStates));
      for (const [step, expected] of alone.logits.entries()) {
        const all = batch.logits[step] ?? new Float32Array(0);
        const vocabulary = all.length / cases.length;
        expect(all.subarray(row * vocabulary, (row + 1) * vocabulary)).toEqual(expected);
      }
    }
    expect(dimension(batch.hiddenStates, 0)).toBe(ROWS);
  });

  test('an encoder output is near to that of float32', async () => {
    const { graphs, hiddenSize } = opened;
    const exact = await openCheckpoint(name, 'fp32');
    const { feeds } = feedsOf(opened.reference.cases.slice(0, 1));
    const [given, expected] = [
      floatData(await graphs.encode(feeds, hiddenSize)),
      floatData(await exact.graphs.encode(feeds, hiddenSize)),
    ];
    await exact.close();
    const squares = (values: Iterable<number>) => {
      let sum = 0;
      for (const value of values) sum += value ** 2;
      return Math.sqrt(sum);
    };
    const error = squares(given.map((value, i) => value - (expected[i] ?? Number.NaN)));
    expect(error / squares(expected)).toBeLessThan(0.2);
  });
});
