/** Checkpoints whose config or weights cannot be right are refused by name, before memory is taken for them. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSafetensors } from '../../weights/safetensors.ts';
import type { WeightTable } from '../../weights/weight-table.ts';
import { buildGraphs } from './build-graphs.ts';
import { CHECKPOINTS } from './test-checkpoints.ts';

type Fields = Readonly<Record<string, unknown>>;

async function build(
  name: string,
  fields: Fields,
  change: (table: WeightTable) => WeightTable = (table) => table,
): Promise<void> {
  const config = JSON.parse(await readFile(join(CHECKPOINTS, name, 'config.json'), 'utf8'));
  const table = await openSafetensors(join(CHECKPOINTS, name, 'model.safetensors'));
  const directory = await mkdtemp(join(tmpdir(), 'veer-refusals-'));
  try {
    await buildGraphs({
      config: { ...config, ...fields },
      weights: change(table),
      directory,
      dtype: 'fp32',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  } finally {
    await table.close();
    await rm(directory, { recursive: true });
  }
}

test.each<readonly [string, Fields]>([
  ['t5', { num_layers: 1e9 }],
  ['t5', { num_decoder_layers: 1e9 }],
  ['marian', { encoder_layers: 1e9 }],
  ['whisper', { decoder_layers: 1e9 }],
])('%s with %o is refused at once', async (name, fields) => {
  const [field = ''] = Object.keys(fields);
  await expect(build(name, fields)).rejects.toMatchObject({
    code: 'MODEL_CONFIG_INVALID',
    message: expect.stringContaining(field),
  });
});

test.each<readonly [string, Fields]>([
  ['bart', { encoder_attention_heads: 5 }],
  ['marian', { decoder_attention_heads: 5 }],
  ['whisper', { encoder_attention_heads: 5 }],
  ['whisper', { decoder_attention_heads: 5 }],
])('%s with heads that do not divide its width, %o, is refused', async (name, fields) => {
  await expect(build(name, fields)).rejects.toMatchObject({
    code: 'MODEL_CONFIG_INVALID',
    message: expect.stringContaining('attention_heads'),
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  'a matrix that holds %d is named',
  async (odd) => {
    const broken = 'model.encoder.layers.0.fc1.weight';
    const change = ({ weights, close }: WeightTable): WeightTable => {
      const changed = [...weights].map(([name, weight]) => {
        const readRows = async (from: number, to: number) => {
          const values = await weight.readRows(from, to);
          return name === broken ? values.with(-1, odd) : values;
        };
        return [name, { ...weight, readRows }] as const;
      });
      return { weights: new Map(changed), close };
    };
    await expect(build('marian', {}, change)).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining(`"${broken}" holds ${odd}`),
    });
  },
);
