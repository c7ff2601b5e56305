/** Times of tokens against the Python library (e2e/fixtures/whisper/make-reference.py). */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { MODELS_DIRECTORY } from '../../../../e2e/dev-inputs.ts';
import { PLAIN_SPEECH } from '../../../contract/speech.ts';
import { dimension, floatData, floatTensor, type Tensor } from '../../onnx/tensor.ts';
import { EncoderDecoderGraphs, WHISPER_INPUTS } from '../encoder-decoder-graphs.ts';
import { openModelFolder } from '../model-folder.ts';
import { alignedStarts, type HeadAttention, headAttention } from './alignment.ts';
import { encodeFiles, loadWhisper, whisperReference } from './test-reference.ts';
import type { WhisperModel } from './whisper.ts';

const ID = 'starter-asr-en-m';
const directory = join(MODELS_DIRECTORY, ID);
const stored = whisperReference.starters[ID]?.words ?? [];
const signal = new AbortController().signal;

const { alignment_heads: heads, ...tokens } = z
  .looseObject({
    alignment_heads: z.array(z.tuple([z.int(), z.int()])),
    decoder_start_token_id: z.int(),
    no_timestamps_token_id: z.int(),
    eos_token_id: z.int(),
  })
  .parse(JSON.parse(await readFile(join(directory, 'generation_config.json'), 'utf8')));
const layers = [...new Set(heads.map(([layer]) => layer))];
const prompt = [tokens.decoder_start_token_id, tokens.no_timestamps_token_id];

let model: WhisperModel;
beforeAll(async () => {
  model = await loadWhisper(ID);
});
afterAll(() => model.dispose());

/** The reference takes the mark inside a word for the begin of another one (o 'clock). */
const withoutSpaces = (text: string) => text.replaceAll(' ', '');

/** Share of the times that differ by more than one position. */
function shareOff(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  const off = found.filter((time, i) => Math.abs(time - (expected[i] ?? 0)) > 0.021);
  return off.length / found.length;
}

/** Attention of the tokens after the prompt, cut after the softmax and not divided by anything. */
function cutRows(layer: Tensor, head: number, positions: number, count: number): HeadAttention {
  const [rows, all] = [2, 3].map((axis) => dimension(layer, axis)) as [number, number];
  const weights = Array.from({ length: count }, (_, i) => {
    const start = (head * rows + prompt.length + i) * all;
    return [...floatData(layer).subarray(start, start + positions)];
  });
  return { weights: Float32Array.from(weights.flat()), tokens: count };
}

test('tokens begin where the library says, by its own rows and by those of OpenAI', async () => {
  expect(stored.length).toBeGreaterThanOrEqual(7);
  const folder = await openModelFolder(directory, 'fp32');
  const graphs = await EncoderDecoderGraphs.load(folder, WHISPER_INPUTS, 'cpu', 2);
  const [theirs, openai]: [number[], number[]] = [[], []];
  for (const { file, ids, tokenTimestamps, starts } of stored) {
    const { hiddenStates, validMask } = await encodeFiles(model, [file]);
    const positions = Array.from(validMask.data, Number).reduce((sum, valid) => sum + valid, 0);
    const shape = { heads: 4, headSize: model.hiddenSize / 4 };
    const read = [...prompt, ...ids, tokens.eos_token_id];
    const attention = await graphs.crossAttentions(hiddenStates, read, { layers, shape });
    const weights = heads.flatMap(([layer, head]) => {
      const tensor = attention[layers.indexOf(layer)];
      return tensor === undefined ? [] : [headAttention(tensor, head, positions)];
    });
    expect(weights).toHaveLength(heads.length);
    const seconds = (positionsOf: readonly number[]) => positionsOf.map((at) => at * 0.02);
    openai.push(shareOff(seconds(alignedStarts(weights, [1, read.length - 1])), starts));
    // The library aligns the tokens as they are read, without prompt and end, by what is left of rows.
    const own = heads.flatMap(([layer, head]) => {
      const tensor = attention[layers.indexOf(layer)];
      return tensor === undefined ? [] : [cutRows(tensor, head, positions, ids.length)];
    });
    theirs.push(shareOff(seconds(alignedStarts(own, [0, ids.length])), tokenTimestamps));
  }
  expect(Math.max(...openai)).toBe(0);
  expect(Math.max(...theirs)).toBe(0);
  await graphs.dispose();
});

test('what each token sees of the sound adds up to one, and nothing stays nothing', () => {
  const rows = [
    [0.1, 0.3, 0.6, 0],
    [0, 0, 0.5, 0.5],
    [0.5, 0.25, 0.25, 0],
  ];
  const layer = floatTensor(Float32Array.from([...rows.flat(), ...rows.flat()]), [1, 2, 3, 4]);
  for (const head of [0, 1]) {
    const { weights, tokens } = headAttention(layer, head, 2);
    expect(tokens).toBe(3);
    [0.25, 0.75, 0, 0, 2 / 3, 1 / 3].forEach((expected, i) => {
      expect(weights[i]).toBeCloseTo(expected, 6);
    });
  }
});

test('words have the times of their tokens, and stand in order inside the recording', async () => {
  const encoded = await encodeFiles(
    model,
    stored.map(({ file }) => file),
  );
  const plain = await model.run(null, null).decode(encoded, { signal, onStep: undefined });
  // Times of phrases change what is decoded, and not how words are aligned.
  for (const timestamps of [false, true]) {
    const run = model.run({ ...PLAIN_SPEECH, wordTimes: true, timestamps }, null);
    const outputs = await run.decode(encoded, { signal, onStep: undefined });
    for (const [i, { tokenIds, details }] of outputs.entries()) {
      const words = details?.words ?? [];
      expect(words.map(({ text }) => text).join('')).toBe(withoutSpaces(run.text(tokenIds)));
      const times = words.flatMap(({ start, end }) => [start, end]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(-1)).toBeLessThanOrEqual(6);
      for (const { probability } of words) expect(probability).toBeGreaterThan(0);
      if (timestamps) continue;
      expect(tokenIds).toEqual(plain[i]?.tokenIds);
      const starts = stored[i]?.starts ?? [];
      for (const { start, end } of words) {
        expect(starts.some((time) => Math.abs(time - start) < 1e-6)).toBe(true);
        expect(starts.some((time) => Math.abs(time - end) < 1e-6)).toBe(true);
      }
    }
  }
});

test('digital silence gives as many words as text', async () => {
  const encoded = await model.encode(model.prepare([new Float32Array(16_000)]));
  const run = model.run({ ...PLAIN_SPEECH, wordTimes: true }, null);
  const [output] = await run.decode(encoded, { signal, onStep: undefined });
  const words = output?.details?.words?.map(({ text }) => text).join('');
  expect(words).toBe(withoutSpaces(run.text(output?.tokenIds ?? [])));
});

test('a model that cannot align says so before any work', async () => {
  const unable = await loadWhisper('starter-asr-en-s');
  expect(() => unable.run({ ...PLAIN_SPEECH, wordTimes: true }, null)).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('alignment_heads'),
    }),
  );
  await unable.dispose();
});
