import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EncoderDecoderGraphs, TEXT_INPUTS } from '../encoder-decoder-graphs.ts';
import { CHECKPOINTS } from './test-checkpoints.ts';

test("Veer's own graphs are refused on a device that would compute something else", async () => {
  const file = (name: string) => join(CHECKPOINTS, name);
  const decoder = { kind: 'own', cross: file('c'), step: file('s'), alignment: null } as const;
  const paths = { encoderPath: file('e'), decoder };
  await expect(EncoderDecoderGraphs.load(paths, TEXT_INPUTS, 'webgpu', 1)).rejects.toMatchObject({
    code: 'MODEL_FORMAT_UNSUPPORTED',
  });
});
