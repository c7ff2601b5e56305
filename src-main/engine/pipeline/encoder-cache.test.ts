import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Device, Dtype } from '../../contract/devices.ts';
import { TestFolder } from '../audio/test-files.ts';
import { batchOf, type EncodedRow, rowOf } from './encoded-rows.ts';
import { EncoderCache } from './encoder-cache.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

let directory: string;
let count = 0;
beforeEach(() => {
  directory = join(folder.path, `cache-${++count}`);
});

const SHA = 'a'.repeat(64);
const model = (
  hiddenSize = 3,
  encoderSha256 = SHA,
  dtype: Dtype = 'fp32',
  used: Device = 'cpu',
) => ({
  hiddenSize,
  identity: { id: 'm', family: 't5', dtype, encoderSha256, decoderSha256: SHA },
  device: { requested: 'auto' as const, used, fallbacks: [] },
});

const ROW: EncodedRow = {
  hiddenStates: Float32Array.of(1, -0, 3.5, 1e-42, Number.NaN, 6),
  validMask: Uint8Array.of(1, 0),
};

const onlyFile = () => join(directory, readdirSync(directory)[0] ?? '');

test('a row comes back bit for bit, and only for its own unit, encoder, dtype and device', async () => {
  const cache = await EncoderCache.open(directory, model());
  await cache.write('unit', ROW);
  const back = await cache.read('unit');
  expect(Buffer.from(back?.hiddenStates.buffer ?? new ArrayBuffer(0))).toEqual(
    Buffer.from(ROW.hiddenStates.buffer),
  );
  expect(back?.validMask).toEqual(ROW.validMask);
  expect(await cache.read('another unit')).toBeNull();
  for (const other of [
    model(3, 'b'.repeat(64)),
    model(3, SHA, 'int8'),
    model(3, SHA, 'fp32', 'webgpu'),
    model(2),
  ]) {
    expect(await (await EncoderCache.open(directory, other)).read('unit')).toBeNull();
  }
  expect(cache.counts).toEqual({ found: 1, encoded: 0 });
  expect(readdirSync(directory)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.encoder$/)]);
});

test('a damaged file is a miss, and is overwritten', async () => {
  const cache = await EncoderCache.open(directory, model());
  await cache.write('unit', ROW);
  const whole = readFileSync(onlyFile());
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ by;
      writeFileSync(onlyFile(), bytes);
      const read = await cache.read('unit');
      // Four bytes of the header stand for nothing yet, but the checksum covers them too.
      expect(read).toBeNull();
    }),
    { numRuns: 200, seed: 5 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      writeFileSync(onlyFile(), bytes);
      expect(await cache.read('unit')).toBeNull();
    }),
    { numRuns: 100, seed: 6 },
  );
  for (let size = 0; size < whole.length; size += 5) {
    writeFileSync(onlyFile(), whole.subarray(0, size));
    expect(await cache.read('unit')).toBeNull();
  }
  await cache.write('unit', ROW);
  expect(readFileSync(onlyFile())).toEqual(whole);
});

test('a file of another unit under the name of this one is a miss', async () => {
  const cache = await EncoderCache.open(directory, model());
  await cache.write('unit', ROW);
  const name = onlyFile();
  const bytes = readFileSync(name);
  await rm(name);
  await cache.write('another unit', ROW);
  writeFileSync(onlyFile(), bytes);
  expect(await cache.read('another unit')).toBeNull();
});

test('a hit makes the file young', async () => {
  const cache = await EncoderCache.open(directory, model());
  await cache.write('unit', ROW);
  utimesSync(onlyFile(), 1000, 1000);
  await cache.read('unit');
  expect(Date.now() - statSync(onlyFile()).mtimeMs).toBeLessThan(60_000);
});

describe('what cannot be written is left out', () => {
  test('where the folder was deleted meanwhile, which is not made again', async () => {
    const cache = await EncoderCache.open(directory, model());
    await rm(directory, { recursive: true });
    await cache.write('unit', ROW);
    expect(existsSync(directory)).toBe(false);
  });

  test('where a file stands in place of the folder', async () => {
    writeFileSync(directory, 'file');
    const cache = await EncoderCache.open(directory, model());
    await cache.write('unit', ROW);
    expect(await cache.read('unit')).toBeNull();
  });

  test.runIf(existsSync('/dev/full'))('where the disk is full, and nothing stays', async () => {
    const cache = await EncoderCache.open(directory, model());
    await cache.write('unit', ROW);
    const name = onlyFile();
    await rm(name);
    symlinkSync('/dev/full', `${name}.part`);
    await cache.write('unit', ROW);
    expect(readdirSync(directory)).toEqual([]);
    expect(await cache.read('unit')).toBeNull();
  });

  test('where a folder stands in place of the file, and nothing temporary stays', async () => {
    const cache = await EncoderCache.open(directory, model());
    await cache.write('unit', ROW);
    const name = onlyFile();
    await rm(name);
    mkdirSync(name);
    await cache.write('unit', ROW);
    expect(readdirSync(directory).length).toBe(1);
    expect(await cache.read('unit')).toBeNull();
  });
});

test('rows of mixed lengths make a batch, and come out of it as they were', () => {
  const rows = [1, 4, 2].map((length) => ({
    hiddenStates: Float32Array.from({ length: length * 3 }, (_, i) => i + length),
    validMask: new Uint8Array(length).fill(1),
  }));
  const batch = batchOf(rows, 3);
  expect(batch.hiddenStates.dims).toEqual([3, 4, 3]);
  expect(rows.map((_, b) => rowOf(batch, b, false))).toEqual(rows);
  expect(rowOf(batch, 0, true).validMask).toEqual(Uint8Array.of(1, 0, 0, 0));
});
