import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSafetensors } from '../../weights/safetensors.ts';
import { builtBytes } from './build-graphs.ts';
import { CHECKPOINTS, readConfig } from './test-checkpoints.ts';

test.each([
  ['whisper', 'model.decoder.layers.0.self_attn_layer_norm.weight'],
  ['whisper', 'model.encoder.layers.1.self_attn.q_proj.bias'],
  ['t5', 'encoder.final_layer_norm.weight'],
  ['bart', 'model.decoder.layers.1.fc1.bias'],
])('a checkpoint of %s without %s is refused by that name', async (name, missing) => {
  const table = await openSafetensors(join(CHECKPOINTS, name, 'model.safetensors'));
  const weights = new Map([...table.weights].filter(([weight]) => weight !== missing));
  const config = await readConfig(name);
  expect(() => builtBytes(config, { ...table, weights }, 'fp32')).toThrow(
    expect.objectContaining({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining(missing),
    }),
  );
  await table.close();
});
