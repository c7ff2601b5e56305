import { expect, test } from 'vitest';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { type GenerateOptions, generate } from './generation.ts';
import type { GenerationConfig } from './model-folder.ts';

const END = 0;
const VOCABULARY = 6;

/** Prefers token 5, then 4, down to the end token, at every step. */
const STUBBORN: DecoderSession = {
  step: (tokens) =>
    Promise.resolve(
      Float32Array.from({ length: tokens.length * VOCABULARY }, (_, i) => i % VOCABULARY),
    ),
  keepRows: () => undefined,
  reorderRows: () => undefined,
  dispose: () => undefined,
};

/** One row with the prompt [1, 2]. */
function options(more: Partial<GenerationConfig>): GenerateOptions {
  return {
    generation: {
      decoder_start_token_id: 1,
      eos_token_id: [END],
      pad_token_id: END,
      max_length: 5,
      ...more,
    },
    rows: 1,
    prompt: [1, 2],
    decoderPositions: 100,
    signal: new AbortController().signal,
    onStep: undefined,
  };
}

/** Ids of one row. */
async function generated(more: Partial<GenerationConfig>): Promise<readonly number[]> {
  const [hypothesis] = await generate(STUBBORN, options(more));
  return hypothesis?.tokenIds ?? [];
}

test('suppresses tokens at every step, or at the first one only, and counts the prompt', async () => {
  expect(await generated({})).toEqual([5, 5, 5]);
  expect(await generated({ suppress_tokens: null, begin_suppress_tokens: [] })).toEqual([5, 5, 5]);
  expect(await generated({ suppress_tokens: [5, 3] })).toEqual([4, 4, 4]);
  expect(await generated({ begin_suppress_tokens: [5] })).toEqual([4, 5, 5]);
  expect(await generated({ suppress_tokens: [5], begin_suppress_tokens: [4] })).toEqual([3, 4, 4]);
  expect(await generated({ suppress_tokens: [1, 2, 3, 4, 5] })).toEqual([]);
});

test('disposes of the session, also when it fails', async () => {
  let disposed = 0;
  const session = { ...STUBBORN, dispose: () => void disposed++ };
  await generate(session, options({}));
  expect(disposed).toBe(1);
  const broken = { ...session, step: () => Promise.reject(new Error('lost')) };
  await expect(generate(broken, options({}))).rejects.toThrow('lost');
  expect(disposed).toBe(2);
});
