import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ByteCursor } from './byte-cursor.ts';
import { bytesInMemory, elementsOf, openBytes } from './byte-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veer-bytes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const DAMAGED = { code: 'MODEL_FILE_DAMAGED' };

describe('a file of weights', () => {
  test('gives ranges, and refuses everything outside', async () => {
    const path = join(folder, 'ten.bin');
    await writeFile(path, Buffer.from('0123456789'));
    const source = await openBytes(path);
    expect((await source.read(3, 4)).toString()).toBe('3456');
    expect((await source.read(10, 0)).length).toBe(0);
    for (const [offset, length] of [
      [3, 8],
      [-1, 2],
      [2, -1],
      [11, 0],
      [0.5, 1],
      [0, Number.NaN],
      [0, 2 ** 60],
      [Number.POSITIVE_INFINITY, 1],
    ] as const) {
      await expect(source.read(offset, length)).rejects.toMatchObject({
        ...DAMAGED,
        message: expect.stringContaining('ten.bin'),
      });
    }
    await truncate(path, 5);
    await expect(source.read(3, 4)).rejects.toMatchObject(DAMAGED);
    await source.close();
  });

  test('is named where it is missing, and where it is a folder', async () => {
    for (const path of [join(folder, 'none.bin'), folder]) {
      await expect(openBytes(path)).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' });
    }
  });
});

describe('a cursor', () => {
  test('reads any parts one after the other, also beyond what it has read ahead', async () => {
    const bytes = Buffer.alloc(200_000);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31) % 251;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(90_000), { maxLength: 6 }), async (lengths) => {
        const cursor = new ByteCursor(bytesInMemory('x', bytes));
        let at = 0;
        for (const [i, length] of lengths.entries()) {
          if (at + length > bytes.length) {
            await expect(cursor.bytes(length)).rejects.toMatchObject(DAMAGED);
            return;
          }
          if (i % 3 === 2) cursor.skip(length);
          else {
            expect(bytes.subarray(at, at + length).equals(await cursor.bytes(length))).toBe(true);
          }
          at += length;
          expect([cursor.offset, cursor.left]).toEqual([at, bytes.length - at]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('refuses lengths from 2^53, text that is not UTF-8, and skips beyond the end', async () => {
    const source = bytesInMemory('x', Buffer.from('00000000000020 00c3'.replace(' ', ''), 'hex'));
    await expect(new ByteCursor(source).u64()).rejects.toMatchObject(DAMAGED);
    await expect(new ByteCursor(source, 8).text(1)).rejects.toMatchObject(DAMAGED);
    expect(() => new ByteCursor(source).skip(10)).toThrow(expect.objectContaining(DAMAGED));
    expect(() => new ByteCursor(source).skip(-1)).toThrow(expect.objectContaining(DAMAGED));
  });
});

test('a shape holds no more elements than its file', () => {
  expect(elementsOf([], 1, 'x', 'scalar')).toBe(1);
  expect(elementsOf([2 ** 40, 0], 10, 'x', 'empty')).toBe(0);
  expect(elementsOf([3, 4], 12, 'x', 'full')).toBe(12);
  for (const shape of [[3, 5], [2 ** 52, 2 ** 52], [-3, -4], [1.5], [Number.NaN]]) {
    expect(() => elementsOf(shape, 12, 'x', 'wrong')).toThrow(expect.objectContaining(DAMAGED));
  }
});
