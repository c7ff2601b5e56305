/** Reads a safetensors file (https://github.com/huggingface/safetensors#format): all tensors, float32 only. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export interface WeightTensor {
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: Float32Array;
}

const HEADER_START = 8;
const entrySchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int()),
  data_offsets: z.tuple([z.int(), z.int()]),
});
const headerSchema = z.object({ __metadata__: z.unknown() }).partial().catchall(entrySchema);

/** @throws Error where the file is another format, or holds another number format */
export async function readSafetensors(path: string): Promise<ReadonlyMap<string, WeightTensor>> {
  const file = await readFile(path);
  const headerLength = Number(file.readBigUInt64LE(0));
  const start = HEADER_START + headerLength;
  const header: unknown = JSON.parse(file.toString('utf8', HEADER_START, start));
  const { __metadata__: _, ...entries } = headerSchema.parse(header);
  return new Map(
    Object.entries(entries).map(([name, entry]) => {
      const { shape, data_offsets: offsets } = entrySchema.parse(entry);
      const [from, to] = offsets;
      const bytes = file.subarray(start + from, start + to);
      // A copy: the data need not be aligned in the file.
      return [name, { shape, data: new Float32Array(new Uint8Array(bytes).buffer) }];
    }),
  );
}
