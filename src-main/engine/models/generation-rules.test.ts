import { expect, test } from 'vitest';
import { GREEDY, type Search } from '../../contract/search.ts';
import { generationProcessors, maxNewTokens, samplingProcessors } from './generation-rules.ts';
import type { GenerationConfig } from './model-folder.ts';

const CONFIG: GenerationConfig = {
  decoder_start_token_id: 1,
  eos_token_id: [0],
  pad_token_id: 0,
  max_length: 20,
};
const EVERYTHING: GenerationConfig = {
  ...CONFIG,
  begin_suppress_tokens: [3],
  suppress_tokens: [2],
  forced_eos_token_id: [0],
  forced_bos_token_id: 4,
  min_length: 5,
  no_repeat_ngram_size: 3,
  repetition_penalty: 1.2,
  bad_words_ids: [[3]],
  renormalize_logits: true,
};
const LIMITS = { promptLength: 1, decoderPositions: 100 };

const namesOf = (generation: GenerationConfig, search: Search = GREEDY, promptLength = 1) =>
  generationProcessors(generation, search, { ...LIMITS, promptLength }).map(
    (processor) => processor.constructor.name,
  );

test('processors run in the order of Hugging Face', () => {
  expect(namesOf(CONFIG)).toEqual([]);
  expect(namesOf(EVERYTHING)).toEqual([
    'RepetitionPenalty',
    'NoRepeatNgram',
    'BadWords',
    'MinLength',
    'ForcedTokens',
    'ForcedTokens',
    'SuppressTokens',
    'SuppressTokensAtBegin',
    'Renormalise',
  ]);
  const sampling = { ...GREEDY, strategy: 'sample', temperature: 0.5, seed: 1 } as const;
  const order = samplingProcessors({ ...sampling, topK: 5, topP: 0.9 });
  expect(order.map((one) => one.constructor.name)).toEqual(['Temperature', 'TopK', 'TopP']);
  expect(samplingProcessors({ ...sampling, temperature: 1, topK: null, topP: 1 })).toEqual([]);
});

test('what a search asks for stands above the config, and can switch it off', () => {
  const off = { ...GREEDY, repetitionPenalty: 1, noRepeatNgramSize: 0, minNewTokens: 0 };
  expect(namesOf(EVERYTHING, off)).not.toEqual(
    expect.arrayContaining(['RepetitionPenalty', 'NoRepeatNgram', 'MinLength']),
  );
  expect(namesOf(CONFIG, { ...GREEDY, noRepeatNgramSize: 2 })).toEqual(['NoRepeatNgram']);
});

test('a first token is forced only where the prompt is the start token alone', () => {
  const forced = { ...CONFIG, forced_bos_token_id: 4, begin_suppress_tokens: [3] };
  const after = (generated: readonly number[], promptLength: number) => {
    const scores = Float32Array.of(1, 1, 1, 1, 1);
    const limits = { ...LIMITS, promptLength };
    for (const processor of generationProcessors(forced, GREEDY, limits)) {
      processor.process(scores, { prompt: [1], generated });
    }
    return [...scores];
  };
  const off = Number.NEGATIVE_INFINITY;
  expect(after([], 1)).toEqual([off, off, off, off, 0]);
  expect(after([4], 1)).toEqual([1, 1, 1, off, 1]);
  expect(after([], 2)).toEqual([1, 1, 1, off, 1]);
});

test('the length is limited by search, config and decoder, in this order', () => {
  expect(maxNewTokens(CONFIG, GREEDY, { ...LIMITS, promptLength: 2 })).toBe(18);
  expect(maxNewTokens({ ...CONFIG, max_new_tokens: 30 }, GREEDY, LIMITS)).toBe(30);
  expect(maxNewTokens(CONFIG, { ...GREEDY, maxNewTokens: 40 }, LIMITS)).toBe(40);
  expect(maxNewTokens(CONFIG, GREEDY, { promptLength: 2, decoderPositions: 9 })).toBe(7);
  expect(maxNewTokens(CONFIG, GREEDY, { promptLength: 40, decoderPositions: 100 })).toBe(1);
});
