/** Checkpoints that CTranslate2's own converter wrote, and what reading them must give. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const FIXTURES = fileURLToPath(new URL('../../../../e2e/fixtures/weights/', import.meta.url));

export interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const Header = z.record(
  z.string(),
  z.object({
    shape: z.array(z.number()),
    data_offsets: z.tuple([z.number(), z.number()]),
  }),
);

/** A file of the fixture `ctranslate2-NAME`. */
export function goldenPath(name: string, file: string): string {
  return join(FIXTURES, `ctranslate2-${name}`, file);
}

export function goldenText(name: string, file: string): string {
  return readFileSync(goldenPath(name, file), 'utf8');
}

/** The float32 tensors of its `expected.safetensors`. */
export function expectedTensors(name: string): ReadonlyMap<string, ExpectedTensor> {
  const bytes = readFileSync(goldenPath(name, 'expected.safetensors'));
  const end = 8 + Number(bytes.readBigUInt64LE());
  const header = Header.parse(JSON.parse(bytes.toString('utf8', 8, end)));
  const tensors = new Map<string, ExpectedTensor>();
  for (const [tensor, { shape, data_offsets }] of Object.entries(header)) {
    const [from, to] = data_offsets;
    const values = new Float32Array(new Uint8Array(bytes.subarray(end + from, end + to)).buffer);
    tensors.set(tensor, { shape, values });
  }
  return tensors;
}
