import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCtranslate2 } from './ctranslate2/open-ctranslate2.ts';
import { openGgmlWhisper } from './ggml/open-ggml.ts';
import { openSafetensors } from './safetensors.ts';
import { describedWeights } from './test-expected.ts';
import type { WeightTable } from './weight-table.ts';

/** One checkpoint of float16 numbers in every format. */
const folder = (file: string): string =>
  fileURLToPath(new URL(`../../../e2e/fixtures/checkpoints/whisper/${file}`, import.meta.url));
const text = (file: string): string => readFileSync(folder(file), 'utf8');

async function described(table: WeightTable) {
  try {
    return await describedWeights(table.weights.values());
  } finally {
    await table.close();
  }
}

describe('the same Whisper', () => {
  it.each(['ggml-f16.bin', 'ggml-f32.bin'])(
    'has the same weights and config in %s as in safetensors',
    async (file) => {
      const { weights, config } = await openGgmlWhisper(folder(file));
      const expected = await described(await openSafetensors(folder('model.safetensors')));
      expect(await described(weights)).toEqual(expected);
      expect(JSON.parse(text('config.json'))).toMatchObject(config);
    },
  );

  it('has the same weights and config in a CTranslate2 file as in a ggml file', async () => {
    const model = folder('ctranslate2/model.bin');
    const converted = await openCtranslate2(model, text('ctranslate2/config.json'));
    const { weights, config } = await openGgmlWhisper(folder('ggml-f16.bin'));
    expect(await described(converted.weights)).toEqual(await described(weights));
    expect(converted.config).toEqual(config);
  });
});
