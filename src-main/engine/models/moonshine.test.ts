/** Moonshine takes windows of any length, each by itself, and writes no more than they can hold. */

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from './factory.ts';
import type { SpeechModel } from './model.ts';
import { FAMILY_FOLDERS, tone } from './test-families.ts';

const never = new AbortController().signal;
let model: SpeechModel;

beforeAll(async () => {
  const directory = join(FAMILY_FOLDERS, 'moonshine');
  const options = { directory, dtype: 'fp32', device: 'cpu', threads: 1, language: 'en' } as const;
  const loaded = await loadModel(options);
  if (loaded.task !== 'transcribe') throw new Error('This is no recogniser.');
  model = loaded;
});
afterAll(() => model.dispose());

async function decode(windows: readonly Float32Array[], rows: string[][] = []) {
  const onStep = (tokens: readonly (readonly number[])[]) =>
    rows.push(tokens.map((ids) => ids.join()));
  const outputs = await model.decode(await model.encode(model.prepare(windows)), {
    signal: never,
    onStep,
  });
  return outputs.map(({ tokenIds }) => tokenIds);
}

test('its windows are as long as its decoder can write', () => {
  // 194 positions at 6.5 tokens a second.
  expect(model.windowSamples / model.samplingRate).toBeCloseTo(194 / 6.5, 3);
  expect(model).toMatchObject({ language: 'en', sourceLanguage: 'en', decodesPadding: false });
});

test('windows of different lengths give what they give alone, and their texts grow', async () => {
  const windows = [tone(0).subarray(0, 8000), tone(4), tone(2).subarray(0, 8000), tone(3)];
  const steps: string[][] = [];
  const together = await decode(windows, steps);
  for (const [i, window] of windows.entries()) {
    expect([together[i]]).toEqual(await decode([window]));
  }
  expect(new Set(together.map((ids) => ids.join())).size).toBe(4);
  expect(steps.at(-1)).toEqual(together.map((ids) => ids.join()));
  for (const [s, texts] of steps.entries()) {
    for (const [row, text] of texts.entries()) {
      expect(text.startsWith(steps[s - 1]?.[row] ?? '')).toBe(true);
    }
  }
});

test('the valid positions are those of the convolutions; the shortest window has one', async () => {
  const { validMask } = model.prepare([new Float32Array(0), new Float32Array(16_000)]);
  const marks = [...validMask.data].map(Number);
  expect(validMask.dims).toEqual([2, 40]);
  expect(marks.slice(0, 40).reduce((a, b) => a + b)).toBe(1);
  expect(marks.slice(40).reduce((a, b) => a + b)).toBe(40);
  const [short] = await decode([new Float32Array(0)]);
  // 1,278 samples at most make one position.
  expect(short?.length).toBeLessThanOrEqual(1);
});
