import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { VeerError } from '../contract/errors.ts';
import { PeaksBuilder } from './peaks-builder.ts';
import { layOut, serialiseHeader } from './peaks-format.ts';
import { readPeaks } from './read-peaks.ts';

const folder = mkdtempSync(join(tmpdir(), 'veer-peaks-'));
const file = join(folder, 'peaks.bin');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function peaksOf(samples: Float32Array, samplingRate: number, chunk = 1000): Buffer {
  const builder = new PeaksBuilder(samplingRate);
  for (let at = 0; at < samples.length; at += chunk) builder.add(samples.subarray(at, at + chunk));
  return builder.finish();
}

/** Noise of changing level; 32-bit linear congruential generator (Numerical Recipes). */
function signal(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (2 * (state / 2 ** 32) - 1) * Math.abs(Math.sin(i / 3000 + seed));
  });
}

// + 0: there is no -0 in the file.
const roundedDown = (x: number) => Math.floor(x * 127) / 127 + 0;
const roundedUp = (x: number) => Math.ceil(x * 127) / 127 + 0;

test('every piece holds its lowest and highest sample, rounded outward', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 2000 }),
      fc.integer({ min: 1, max: 40_000 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(),
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      fc.integer({ min: 1, max: 3000 }),
      async (rate, count, chunk, seed, ends, pieces) => {
        const samples = signal(count, seed);
        writeFileSync(file, peaksOf(samples, rate, chunk));
        const [from = 0, to = 0] = ends.map((end) => (end * count) / rate).sort((a, b) => a - b);
        const peaks = await readPeaks(file, { from, to, pieces });
        expect(peaks.from).toBeLessThanOrEqual(from);
        expect(from - peaks.from).toBeLessThan(peaks.step * (1 + 1e-9));
        // Not coarser than asked for, or the finest.
        const samplesPerPiece = Math.round(peaks.step * rate);
        const finest = Math.max(1, Math.round(rate / 100));
        if (samplesPerPiece > finest) {
          expect(peaks.step).toBeLessThanOrEqual(((to - from) / pieces) * (1 + 1e-9));
        }
        expect(peaks.low.length).toBe(peaks.high.length);
        const first = Math.round(peaks.from / peaks.step);
        expect((first + peaks.low.length) * peaks.step).toBeGreaterThanOrEqual(
          Math.min(to, count / rate) * (1 - 1e-9),
        );
        for (const [i, low] of peaks.low.entries()) {
          const start = (first + i) * samplesPerPiece;
          const piece = samples.subarray(start, start + samplesPerPiece);
          expect(low).toBe(roundedDown(piece.reduce((a, b) => Math.min(a, b))));
          expect(peaks.high[i]).toBe(roundedUp(piece.reduce((a, b) => Math.max(a, b))));
        }
      },
    ),
    { numRuns: 100, seed: 11 },
  );
});

describe('the resolution', () => {
  // 4 hours at 1 kHz: 10 ms pieces are 10 samples.
  const samples = new Float32Array(4 * 3600 * 1000);
  samples[7_200_000] = 1;
  const bytes = peaksOf(samples, 1000, 100_000);

  test('of four hours is 10 ms at its finest and 512 pieces at its coarsest', () => {
    const { levels } = layOut(1000, samples.length);
    expect(levels.map(({ count }) => count)).toEqual([1_440_000, 180_000, 22_500, 2813, 352]);
    expect(levels.map((level) => level.samplesPerPiece)).toEqual([10, 80, 640, 5120, 40_960]);
    // 3.3 MB.
    expect(bytes.length).toBeLessThan(3.4e6);
  });

  test.each([
    [300, 40.96],
    [1000, 5.12],
    [20_000, 0.64],
  ])('for %d pieces over all of it is %d s, and one sample is seen', async (pieces, step) => {
    writeFileSync(file, bytes);
    const peaks = await readPeaks(file, { from: 0, to: 14_400, pieces });
    expect(peaks.step).toBeCloseTo(step, 9);
    expect(Math.max(...peaks.high)).toBe(1);
    expect(peaks.high.indexOf(1)).toBe(Math.floor(7200 / step));
    expect(peaks.high.filter((high) => high > 0).length).toBe(1);
  });

  test('is the finest where more is asked for than there is', async () => {
    writeFileSync(file, bytes);
    const peaks = await readPeaks(file, { from: 7199.995, to: 7200.015, pieces: 500 });
    expect(peaks).toEqual({ step: 0.01, from: 7199.99, low: [0, 0, 0], high: [0, 1, 0] });
  });
});

test('beyond the end there is nothing', async () => {
  writeFileSync(file, peaksOf(signal(1000, 1), 1000));
  expect(await readPeaks(file, { from: 5, to: 9, pieces: 10 })).toMatchObject({
    low: [],
    high: [],
  });
  expect((await readPeaks(file, { from: 0, to: 1e12, pieces: 1 })).low.length).toBe(100);
  expect((await readPeaks(file, { from: 0.5, to: 0.2, pieces: 3 })).low).toEqual([]);
});

test('samples beyond full scale are stored as full scale', async () => {
  writeFileSync(file, peaksOf(Float32Array.of(-3, 2), 100));
  const { low, high } = await readPeaks(file, { from: 0, to: 1, pieces: 1 });
  expect([low[0], high[1]]).toEqual([-1, 1]);
});

describe('a file that cannot be read has a name for it', () => {
  const span = { from: 0, to: 1e6, pieces: 100 };
  const whole = peaksOf(signal(30_000, 5), 1000);

  test('where there is none', async () => {
    const missing = readPeaks(join(folder, 'nowhere.bin'), span);
    await expect(missing).rejects.toMatchObject({ code: 'MEDIA_NOT_READY' });
  });

  test('where it is cut short at any place', async () => {
    for (let size = 0; size < whole.length; size += 53) {
      writeFileSync(file, whole);
      truncateSync(file, size);
      await expect(readPeaks(file, span)).rejects.toMatchObject({ code: 'MEDIA_UNRECOGNISED' });
    }
  });

  test('where any byte of the header is another', async () => {
    const header = serialiseHeader(layOut(1000, 30_000)).length;
    for (let at = 0; at < header; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      writeFileSync(file, bytes);
      await expect(readPeaks(file, span)).rejects.toMatchObject({ code: 'MEDIA_UNRECOGNISED' });
    }
  });

  test('where it is random bytes, with or without our mark', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom(0, 8, 12, 24, 28),
        async (bytes, kept) => {
          writeFileSync(file, Buffer.concat([whole.subarray(0, kept), bytes]));
          const error = await readPeaks(file, span).catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(VeerError);
          expect(error).toMatchObject({ code: 'MEDIA_UNRECOGNISED' });
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  test('where it is a folder', async () => {
    await expect(readPeaks(folder, span)).rejects.toMatchObject({ code: 'MEDIA_UNRECOGNISED' });
  });
});
