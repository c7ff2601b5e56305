/**
 * safetensors, in one file or in shards with an index.
 * Format: https://github.com/huggingface/safetensors#format
 */

import { dirname, join } from 'node:path';
import { VeerError } from '../../contract/errors.ts';
import { type ByteSource, damaged, openBytes, quoted } from './byte-source.ts';
import { BYTES_OF, type NumberType, readNumbers } from './decode-values.ts';
import { requireRows, rowsOf } from './rows.ts';
import { type HeaderEntry, readHeader } from './safetensors-header.ts';
import type { Weight, WeightTable } from './weight-table.ts';

/** Types that weights may have. Tensors of any other are listed; reading one is an error. */
const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
]);

/** Bytes; the index of a model with 10,000 tensors has one million. */
const LARGEST_INDEX = 100_000_000;

/**
 * Names and shapes as they stand in the file; float64 is rounded to float32.
 *
 * @param from path, or the bytes; they are closed with the table, and where it cannot be opened
 * @throws VeerError MODEL_FILE_MISSING, MODEL_FILE_DAMAGED. Reading a tensor of another type than F64, F32, F16
 *   and BF16 is MODEL_FORMAT_UNSUPPORTED
 */
export async function openSafetensors(from: string | ByteSource): Promise<WeightTable> {
  const source = typeof from === 'string' ? await openBytes(from) : from;
  try {
    const weights = new Map<string, Weight>();
    for (const entry of await readHeader(source)) {
      weights.set(entry.name, weightOf(source, entry));
    }
    return { weights, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * The files that an index names, as one table.
 *
 * @param indexPath `model.safetensors.index.json`; the shards lie beside it
 * @throws VeerError as `openSafetensors`; MODEL_FILE_DAMAGED, too, where a shard holds other tensors than the
 *   index says
 */
export async function openShardedSafetensors(indexPath: string): Promise<WeightTable> {
  const index = await readIndex(indexPath);
  const tables: WeightTable[] = [];
  const close = async () => {
    await Promise.all(tables.map((table) => table.close()));
  };
  try {
    const weights = new Map<string, Weight>();
    for (const shard of new Set(index.values())) {
      const table = await openSafetensors(join(dirname(indexPath), shard));
      tables.push(table);
      for (const [name, weight] of table.weights) {
        if (index.get(name) !== shard) {
          throw damaged(shard, `the index does not place ${quoted(name)} in it`);
        }
        weights.set(name, weight);
      }
    }
    for (const [name, shard] of index) {
      if (!weights.has(name)) throw damaged(shard, `${quoted(name)} is missing from it`);
    }
    return { weights, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function weightOf(source: ByteSource, { name, dtype, shape, offset }: HeaderEntry): Weight {
  const type = NUMBER_TYPES.get(dtype);
  const rows = rowsOf(shape);
  return {
    name,
    shape,
    precision: type === 'float16' ? 'float16' : 'float32',
    async readRows(from, to) {
      if (type === undefined) {
        throw new VeerError(
          'MODEL_FORMAT_UNSUPPORTED',
          `${source.name}: ${quoted(name)} has the type ${quoted(dtype)}, which is not read as weights. Use a file in float32, float16 or bfloat16.`,
        );
      }
      requireRows(rows, from, to);
      const start = offset + from * rows.width * BYTES_OF[type];
      return readNumbers(source, type, start, (to - from) * rows.width);
    },
  };
}

/** File name by tensor name. */
async function readIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const source = await openBytes(path);
  try {
    if (source.size > LARGEST_INDEX) throw damaged(source.name, 'it is too large for an index');
    let map: unknown;
    try {
      const index = JSON.parse((await source.read(0, source.size)).toString('utf8'));
      map = index?.weight_map;
    } catch (cause) {
      throw damaged(source.name, 'it is not valid JSON', cause);
    }
    if (typeof map !== 'object' || map === null || Array.isArray(map)) {
      throw damaged(source.name, 'it has no "weight_map"');
    }
    const files = new Map<string, string>();
    for (const [name, file] of Object.entries<unknown>({ ...map })) {
      // Shards lie beside their index: no way out of the folder.
      if (typeof file !== 'string' || !/^[^/\\:\0]+\.safetensors$/.test(file)) {
        throw damaged(source.name, `${quoted(name)} has no file of the folder`);
      }
      files.set(name, file);
    }
    return files;
  } finally {
    await source.close();
  }
}
