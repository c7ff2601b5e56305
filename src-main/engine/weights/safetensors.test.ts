import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ByteSource, bytesInMemory } from './byte-source.ts';
import { openSafetensors, openShardedSafetensors } from './safetensors.ts';
import { readMutations } from './test-mutations.ts';
import { safetensorsBytes, single, withHeader } from './test-safetensors.ts';

const GOLDEN = fileURLToPath(
  new URL('../../../e2e/fixtures/weights/types.safetensors', import.meta.url),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = (bytes: Uint8Array) => openSafetensors(bytesInMemory('model.safetensors', bytes));

describe('a safetensors file of the Python library', () => {
  it.each([
    ['double', [3, 4], 'float32'],
    ['single', [2, 3, 5], 'float32'],
    ['half', [7, 9], 'float16'],
    ['brain', [6, 11], 'float32'],
    ['scalar', [], 'float32'],
    ['empty', [0, 4], 'float16'],
  ])('has the numbers that were saved: %s', async (name, shape, precision) => {
    const table = await openSafetensors(GOLDEN);
    const weight = table.weights.get(name);
    expect(weight).toMatchObject({ name, shape, precision });
    const rows = shape[0] ?? 1;
    const count = shape.reduce((product, size) => product * size, 1);
    const saved = Float32Array.from({ length: count }, (_, i) => (((37 * i) % 101) - 50) / 64);
    expect(await weight?.readRows(0, rows)).toEqual(saved);
    if (rows > 1) {
      const width = count / rows;
      expect(await weight?.readRows(1, rows)).toEqual(saved.subarray(width));
    }
    await table.close();
  });

  it.each(['ids', 'switches'])('lists whole numbers, which are no weights: %s', async (name) => {
    const table = await openSafetensors(GOLDEN);
    await expect(table.weights.get(name)?.readRows(0, 1)).rejects.toMatchObject({
      code: 'MODEL_FORMAT_UNSUPPORTED',
      message: expect.stringContaining(name),
    });
    await table.close();
  });
});

describe('openSafetensors', () => {
  it('gives what was written, row by row, whatever names and shapes', async () => {
    const tensor = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, width]) =>
        fc.tuple(
          fc.constant([rows, width]),
          fc.array(fc.float({ noNaN: true }), {
            minLength: rows * width,
            maxLength: rows * width,
          }),
        ),
      );
    const name = fc.string().filter((text) => text !== '__metadata__' && text !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tensor), async (tensors) => {
        const written = Object.entries(tensors).map(
          ([key, [shape, values]]) => [key, single(shape, values)] as const,
        );
        const { weights } = await opened(safetensorsBytes(Object.fromEntries(written)));
        expect(weights.size).toBe(written.length);
        for (const [key, [[rows = 0, width = 0], values]] of Object.entries(tensors)) {
          for (let row = 0; row < rows; row++) {
            const expected = new Float32Array(values.slice(row * width, (row + 1) * width));
            expect(await weights.get(key)?.readRows(row, row + 1)).toEqual(expected);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  const entry = (shape: string, from: number, to: number, dtype = 'F32') =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;
  it.each([
    ['a header that is longer than the file', Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123])],
    ['a header that does not start with a brace', withHeader(' {}', Buffer.alloc(0))],
    ['a header that is no JSON', withHeader('{"a"', Buffer.alloc(0))],
    ['a hole', withHeader(`{"a":${entry('[1]', 4, 8)}}`, Buffer.alloc(8))],
    ['bytes behind the last tensor', withHeader(`{"a":${entry('[1]', 0, 4)}}`, Buffer.alloc(8))],
    [
      'an overlap',
      withHeader(`{"a":${entry('[2]', 0, 8)},"b":${entry('[1]', 4, 8)}}`, Buffer.alloc(8)),
    ],
    ['a place outside the file', withHeader(`{"a":${entry('[9]', 0, 36)}}`, Buffer.alloc(8))],
    ['another size than the shape', withHeader(`{"a":${entry('[3]', 0, 8)}}`, Buffer.alloc(8))],
    ['a negative size', withHeader(`{"a":${entry('[-1,-2]', 0, 8)}}`, Buffer.alloc(8))],
    [
      'a shape that overflows',
      withHeader(`{"a":${entry('[4294967296,4294967296,4]', 0, 8)}}`, Buffer.alloc(8)),
    ],
    ['a half size', withHeader(`{"a":${entry('[0.5]', 0, 2)}}`, Buffer.alloc(2))],
    [
      'a name twice',
      withHeader(`{"a":${entry('[1]', 0, 4)},"a":${entry('[1]', 0, 4)}}`, Buffer.alloc(4)),
    ],
    ['no offsets', withHeader('{"a":{"dtype":"F32","shape":[1]}}', Buffer.alloc(4))],
  ])('refuses %s', async (_, bytes) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'MODEL_FILE_DAMAGED' });
  });

  it('says that a pointer of Git LFS is not the file', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 1\n';
    await expect(opened(Buffer.from(pointer))).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining('git lfs pull'),
    });
  });

  it('gives a named error or a table for 2,000 damaged files', async () => {
    const open = async (source: ByteSource) => ({ weights: await openSafetensors(source) });
    const read = await readMutations(readFileSync(GOLDEN), open, 2000);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(2000);
  });
});

describe('openShardedSafetensors', () => {
  const first = 'model-00001-of-00002.safetensors';
  const second = 'model-00002-of-00002.safetensors';
  const write = (weightMap: Readonly<Record<string, string>>): string => {
    const here = mkdtempSync(join(folder, 'shards-'));
    writeFileSync(join(here, first), safetensorsBytes({ a: single([2], [1, 2]) }));
    writeFileSync(
      join(here, second),
      safetensorsBytes({ b: single([1], [3]), c: single([1], [4]) }),
    );
    const path = join(here, 'model.safetensors.index.json');
    writeFileSync(path, JSON.stringify({ metadata: { total_size: 16 }, weight_map: weightMap }));
    return path;
  };

  it('puts the files together', async () => {
    const table = await openShardedSafetensors(write({ a: first, b: second, c: second }));
    expect([...table.weights.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(await table.weights.get('a')?.readRows(1, 2)).toEqual(new Float32Array([2]));
    expect(await table.weights.get('c')?.readRows(0, 1)).toEqual(new Float32Array([4]));
    await table.close();
  });

  it('names a file that is missing', async () => {
    const path = write({ a: first, b: 'model-00003-of-00003.safetensors', c: second });
    await expect(openShardedSafetensors(path)).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining('model-00003-of-00003.safetensors'),
    });
  });

  it.each([
    ['places a tensor in another file', { a: second, b: second, c: second }],
    ['lists a tensor that is in none', { a: first, b: second, c: second, d: first }],
    ['leaves a tensor out', { a: first, b: second }],
    ['leads out of the folder', { a: `../${first}`, b: second, c: second }],
  ])('refuses an index that %s', async (_, weightMap) => {
    await expect(openShardedSafetensors(write({ ...weightMap }))).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
    });
  });
});
