import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesInMemory } from './byte-source.ts';
import { openSafetensors, openShardedSafetensors } from './safetensors.ts';
import { describedWeights, expectedOf, fixturePath } from './test-expected.ts';
import { readMutations } from './test-mutations.ts';
import { safetensorsBytes, withHeader } from './test-safetensors.ts';
import type { WeightTable } from './weight-table.ts';

const FOLDER = fixturePath('safetensors');
const INDEX = 'model.safetensors.index.json';
const SECOND = 'model-00002-of-00002.safetensors';

/** What the table holds but for the tensor of integers. */
async function floats({ weights }: WeightTable) {
  return describedWeights([...weights.values()].filter(({ name }) => name !== 'positions'));
}

function opened(bytes: Uint8Array) {
  return openSafetensors(bytesInMemory('model.safetensors', bytes));
}

describe('safetensors', () => {
  test("give the values of the Python package's file", async () => {
    const table = await openSafetensors(join(FOLDER, 'model.safetensors'));
    expect(await floats(table)).toEqual(expectedOf('safetensors'));
    expect(table.weights.get('half.weight')?.precision).toBe('float16');
    expect(table.weights.get('brain.weight')?.precision).toBe('float32');
    await table.close();
  });

  test('list integers, and name them only when they are read', async () => {
    const table = await openSafetensors(join(FOLDER, 'model.safetensors'));
    const positions = table.weights.get('positions');
    expect(positions?.shape).toEqual([6]);
    await expect(positions?.readRows(0, 6)).rejects.toMatchObject({
      code: 'MODEL_FORMAT_UNSUPPORTED',
      message: expect.stringContaining('"I64"'),
    });
    await table.close();
  });

  test('give any table back as it was written, by any rows', async () => {
    const shapes = fc.array(fc.nat(4), { maxLength: 3 });
    const name = fc.string({ minLength: 1 }).filter((text) => text !== '__metadata__');
    const tensors = fc.uniqueArray(fc.tuple(name, shapes), { selector: ([text]) => text });
    await fc.assert(
      fc.asyncProperty(tensors, fc.nat(), fc.nat(), async (described, a, b) => {
        const written = described.map(([text, shape]) => {
          const count = shape.reduce((product, size) => product * size, 1);
          return { name: text, shape, values: Float32Array.from({ length: count }, Math.random) };
        });
        const table = await opened(
          safetensorsBytes(
            written.map(({ name, shape, values }) => ({
              name,
              shape,
              dtype: 'F32',
              bytes: new Uint8Array(values.buffer),
            })),
          ),
        );
        expect([...table.weights.keys()].sort()).toEqual(written.map(({ name }) => name).sort());
        for (const { name, shape, values } of written) {
          const rows = shape[0] ?? 1;
          const [from = 0, to = 0] = [a % (rows + 1), b % (rows + 1)].sort((x, y) => x - y);
          const width = rows === 0 ? 0 : values.length / rows;
          expect(await table.weights.get(name)?.readRows(from, to)).toEqual(
            values.slice(from * width, to * width),
          );
        }
      }),
    );
  });

  const entry = (offsets: readonly number[], shape: readonly unknown[] = [1], dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: offsets,
  });
  const file = (header: object, bytes: number) =>
    withHeader(JSON.stringify(header), Buffer.alloc(bytes));
  test.each([
    ['a header longer than the file', Buffer.from('ff00000000000000', 'hex'), 'header is longer'],
    ['a length from 2^53', Buffer.alloc(16, 0xff), 'as a length'],
    ['a header of another kind', withHeader('[]', Buffer.alloc(0)), 'not JSON'],
    ['half a header', withHeader('{"a":', Buffer.alloc(0)), 'not valid JSON'],
    ['a hole at the start', file({ a: entry([4, 8]) }, 8), 'does not begin'],
    ['a hole between', file({ a: entry([0, 4]), b: entry([8, 12]) }, 12), 'does not begin'],
    ['an overlap', file({ a: entry([0, 4]), b: entry([0, 4]) }, 4), 'does not begin'],
    ['bytes that nobody has', file({ a: entry([0, 4]) }, 5), 'not as long'],
    ['an early end', file({ a: entry([0, 4]) }, 3), 'not as long'],
    ['a shape of other bytes', file({ a: entry([0, 4], [2]) }, 4), 'does not fit'],
    ['a negative size', file({ a: entry([0, 4], [-1, -1]) }, 4), 'the shape of "a"'],
    ['a size beyond all', file({ a: entry([0, 4], [2 ** 40, 2 ** 40]) }, 4), 'larger than'],
    ['offsets backwards', file({ a: entry([4, 0]) }, 4), 'describes "a" wrongly'],
    ['no tensor but text', file({ a: 'F32' }, 0), 'describes "a" wrongly'],
  ])('are refused by name: %s', async (_, bytes, message) => {
    await expect(opened(bytes)).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining(message),
    });
  });

  test('give a named error or a table when damaged', async () => {
    const original = await readFile(join(FOLDER, 'model.safetensors'));
    const open = async (source: ReturnType<typeof bytesInMemory>) => ({
      weights: await openSafetensors(source),
    });
    const read = await readMutations(original, open, 2000);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(2000);
  });
});

describe('sharded safetensors', () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'veer-shards-'));
  });
  afterAll(() => rm(copy, { recursive: true }));

  test('give the same as one file', async () => {
    const table = await openShardedSafetensors(join(FOLDER, INDEX));
    expect(await floats(table)).toEqual(expectedOf('safetensors'));
    await table.close();
  });

  async function withPlaces(change: (places: Record<string, string>) => void): Promise<string> {
    await cp(FOLDER, copy, { recursive: true });
    const index = JSON.parse(await readFile(join(FOLDER, INDEX), 'utf8'));
    change(index.weight_map);
    await writeFile(join(copy, INDEX), JSON.stringify(index));
    return join(copy, INDEX);
  }

  test('name a shard that is not there', async () => {
    const index = await withPlaces(() => {});
    await rm(join(copy, SECOND));
    await expect(openShardedSafetensors(index)).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining(SECOND),
    });
  });

  test('name what the index says and the shard does not hold', async () => {
    const index = await withPlaces((places) => {
      places['more.weight'] = SECOND;
    });
    await expect(openShardedSafetensors(index)).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining('"more.weight" is missing'),
    });
  });

  test('name what a shard holds and the index does not say', async () => {
    const index = await withPlaces((places) => {
      delete places['scalar'];
    });
    await expect(openShardedSafetensors(index)).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining('does not place "scalar"'),
    });
  });

  test.each(['../model.safetensors', '/etc/model.safetensors', 'C:\\model.safetensors'])(
    'are never looked for outside the folder: %s',
    async (path) => {
      const index = await withPlaces((places) => {
        places['scalar'] = path;
      });
      await expect(openShardedSafetensors(index)).rejects.toMatchObject({
        code: 'MODEL_FILE_DAMAGED',
        message: expect.stringContaining('no file of the folder'),
      });
    },
  );
});
