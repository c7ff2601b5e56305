import { expect, test } from 'vitest';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { generate } from './generation.ts';
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
};

/** Ids of one row with the prompt [1, 2]. */
async function generated(more: Partial<GenerationConfig>): Promise<readonly number[]> {
  const [hypothesis] = await generate(STUBBORN, {
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
  });
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
