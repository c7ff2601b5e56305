import { expect, test } from 'vitest';
import { SpanReader, withoutFirst } from './span-reader.ts';
import { gather } from './test-files.ts';

const SAMPLES = Float32Array.from({ length: 100 }, (_, i) => i);

/** Chunks of 7; `taken` counts how many were asked for. */
async function* chunks(taken: { count: number } = { count: 0 }) {
  for (let at = 0; at < SAMPLES.length; at += 7) {
    taken.count++;
    yield SAMPLES.subarray(at, at + 7);
  }
}

test('spans are the samples of the file, and nothing after them is read', async () => {
  const taken = { count: 0 };
  const reader = new SpanReader(chunks(taken));
  for (const [start, end] of [
    [0, 3],
    [3, 7],
    [10, 30],
    [30, 31],
    [50, 56],
  ] as const) {
    expect(await reader.read(start, end)).toEqual(SAMPLES.slice(start, end));
  }
  expect(taken.count).toBe(8);
});

test('a file that ends before is an error', async () => {
  const reader = new SpanReader(chunks());
  await expect(reader.read(90, 101)).rejects.toMatchObject({ code: 'MEDIA_TRUNCATED' });
});

test.each([0, 1, 6, 7, 8, 99, 100, 1000])(
  'a stream without its first %d samples',
  async (count) => {
    expect(await gather(withoutFirst(chunks(), count))).toEqual(SAMPLES.slice(count));
  },
);
