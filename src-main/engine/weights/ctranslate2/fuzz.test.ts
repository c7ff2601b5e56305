import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../byte-source.ts';
import { readMutations } from '../test-mutations.ts';
import { openCtranslate2 } from './open-ctranslate2.ts';
import { goldenPath, goldenText } from './test-golden.ts';

describe('damaged CTranslate2 files', () => {
  it.each([
    ['whisper', 'int8'],
    ['marian', 'float16'],
    ['m2m100', 'int8'],
    ['t5-gated', 'float32'],
  ])('give a named error or a table: %s', async (name, form) => {
    const original = readFileSync(goldenPath(name, `model.${form}.bin`));
    const config = goldenText(name, 'config.json');
    const open = (source: ByteSource) => openCtranslate2(source, config);
    const read = await readMutations(original, open, 500);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(500);
  });
});
