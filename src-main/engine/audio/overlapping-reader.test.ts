import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OverlappingReader } from './overlapping-reader.ts';

fc.configureGlobal({ seed: 1 });

async function* inPieces(samples: Float32Array, lengths: readonly number[]) {
  for (let at = 0, i = 0; at < samples.length; i++) {
    const length = lengths[i % lengths.length] as number;
    yield samples.subarray(at, at + length);
    at += length;
  }
}

test('every window is what stands in the file, however it is chunked and however they overlap', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 300 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 70 })), { maxLength: 12 }),
      async (count, lengths, steps) => {
        const samples = Float32Array.from({ length: count }, (_, i) => i);
        const reader = new OverlappingReader(inPieces(samples, lengths));
        let start = 0;
        for (const [step, length] of steps) {
          start += step;
          expect(await reader.read(start, length)).toEqual(samples.slice(start, start + length));
        }
      },
    ),
  );
});
