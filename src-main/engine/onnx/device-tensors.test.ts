/** The graphs for tensors on a device, run on the CPU: what they compute is the same everywhere. */

import { afterAll, expect, test } from 'vitest';
import { argmax } from '../decoding/greedy.ts';
import { logSumExpAbove } from '../decoding/log-sum-exp.ts';
import { DeviceTensors } from './device-tensors.ts';
import { castFloat, floatData, floatTensor, int64Tensor, selectRows } from './tensor.ts';

const tensors = new DeviceTensors('cpu');
afterAll(() => tensors.dispose());

/** Values that differ, without a random generator. */
function values(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 9 * Math.sin(i * i));
}

test('takes rows of several tensors at once, in any order, some of them twice', async () => {
  const caches = {
    key: floatTensor(values(3 * 2 * 4), [3, 2, 4]),
    value: floatTensor(values(3 * 5), [3, 5]),
  };
  const rows = [2, 0, 0, 1];
  const moved = await tensors.selectRows(caches, rows);
  for (const name of ['key', 'value'] as const) {
    const expected = selectRows(caches[name], rows);
    expect(moved[name]?.dims).toEqual(expected.dims);
    expect(moved[name]?.data).toEqual(expected.data);
  }
});

test('copies tensors to the CPU and disposes of them', async () => {
  const left = { a: floatTensor(values(6), [2, 3]), b: floatTensor(values(8), [2, 2, 2]) };
  const { a, b } = await tensors.taken(left);
  expect(a?.data).toEqual(values(6));
  expect(b?.data).toEqual(values(8));
  expect([left.a.location, left.b.location]).toEqual(['none', 'none']);
});

test('takes rows of half-precision tensors, and reads half-precision logits', async () => {
  const cache = castFloat(floatTensor(Float32Array.of(1, 2, 3, 4), [2, 2]), 'float16');
  const { moved } = await tensors.selectRows({ moved: cache }, [1, 1]);
  expect(moved?.type).toBe('float16');
  expect([...floatData(castFloat(moved ?? cache, 'float32'))]).toEqual([3, 4, 3, 4]);
  const logits = castFloat(floatTensor(Float32Array.of(1, 2, 5, 4), [2, 1, 2]), 'float16');
  expect([...(await tensors.lastLogits(logits))]).toEqual([1, 2, 5, 4]);
  const best = await tensors.mostProbable(logits, []);
  expect(best.map(({ id }) => id)).toEqual([1, 0]);
  expect(best[0]?.logProbability).toBeCloseTo(-Math.log(1 + Math.exp(-1)), 6);
});

test('reads the last position of logits, and the best token of it with its log-probability', async () => {
  const [rows, positions, vocabulary] = [3, 4, 50];
  const logits = floatTensor(values(rows * positions * vocabulary), [rows, positions, vocabulary]);
  const last = Array.from({ length: rows }, (_, row) => {
    const end = (row + 1) * positions * vocabulary;
    return (logits.data as Float32Array).slice(end - vocabulary, end);
  });
  const read = await tensors.lastLogits(logits);
  expect([...read]).toEqual(last.flatMap((own) => [...own]));
  const best = await tensors.mostProbable(logits, []);
  expect(best.map(({ id }) => id)).toEqual(last.map(argmax));
  for (const [row, own] of last.entries()) {
    const exact = -logSumExpAbove(own, own[argmax(own)] ?? Number.NaN);
    expect(best[row]?.logProbability).toBeCloseTo(exact, 6);
  }
});

test('of equals the first is best, and numbers that are none stay none', async () => {
  const equal = await tensors.mostProbable(floatTensor(Float32Array.of(1, 3, 3, 0), [1, 1, 4]), []);
  expect(equal[0]?.id).toBe(1);
  const none = await tensors.mostProbable(
    floatTensor(Float32Array.of(Number.NaN, 1), [1, 1, 2]),
    [],
  );
  expect(none[0]?.logProbability).toBeNaN();
});

test('a forbidden token has no probability', async () => {
  const logits = floatTensor(Float32Array.of(1, 9, 3, 0), [1, 1, 4]);
  const [best] = await tensors.mostProbable(logits, [1, 0]);
  expect(best?.id).toBe(2);
  expect(best?.logProbability).toBeCloseTo(-Math.log(1 + Math.exp(-3)), 6);
  // And the next one may choose it again.
  expect((await tensors.mostProbable(logits, []))[0]?.id).toBe(1);
});

test('rows of integers are refused by the library, not mixed up', async () => {
  const ids = int64Tensor([1, 2], [2, 1]);
  await expect(tensors.selectRows({ ids }, [0])).rejects.toMatchObject({ code: 'INTERNAL' });
});
