/**
 * Real encoder outputs for tests. The inputs are dev fixtures of `e2e/fixtures`, stored as the
 * encoder takes them because this room may not import tokenizers and features: token ids of
 * `translation-dev.json`, log-mel of `speech-dev` rounded to 8 bits (value = floor + step · byte,
 * [80, frames], the rest of the window at the floor).
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Graph } from '../onnx/graph.ts';
import { dimension, floatData, floatTensor, int64Tensor, type Tensor } from '../onnx/tensor.ts';

const inputsSchema = z.object({
  speech: z.array(
    z.object({
      positions: z.int(),
      frames: z.int(),
      floor: z.number(),
      step: z.number(),
      logMel: z.base64(),
    }),
  ),
  translation: z.array(z.object({ inputIds: z.array(z.int()) })),
});

const BANDS = 80;
const WINDOW_FRAMES = 600;
const WINDOW_POSITIONS = 300;

/** One batch: hidden states [B, T, D] and mask [B, T], rows of different lengths. */
export interface EncoderOutputs {
  readonly hiddenStates: Tensor;
  readonly mask: Tensor;
}

/** The three utterances, 92, 19 and 64 of 300 positions. */
export async function speechOutputs(encoderPath: string): Promise<EncoderOutputs> {
  const { speech } = readInputs();
  const features = new Float32Array(speech.length * BANDS * WINDOW_FRAMES);
  speech.forEach(({ frames, floor, step, logMel }, b) => {
    const bytes = Buffer.from(logMel, 'base64');
    for (let i = 0; i < BANDS * WINDOW_FRAMES; i++) {
      const [band, frame] = [Math.floor(i / WINDOW_FRAMES), i % WINDOW_FRAMES];
      const byte = frame < frames ? (bytes[band * frames + frame] ?? 0) : 0;
      features[b * BANDS * WINDOW_FRAMES + i] = floor + step * byte;
    }
  });
  const lengths = speech.map(({ positions }) => positions);
  const mask = maskOf(lengths, WINDOW_POSITIONS);
  const input = floatTensor(features, [speech.length, BANDS, WINDOW_FRAMES]);
  return { hiddenStates: await encode(encoderPath, { input_features: input }), mask };
}

/** The four sentences, 23, 13, 8 and 12 tokens. */
export async function translationOutputs(encoderPath: string): Promise<EncoderOutputs> {
  const ids = readInputs().translation.map(({ inputIds }) => inputIds);
  const lengths = ids.map((row) => row.length);
  const longest = Math.max(...lengths);
  const padded = ids.flatMap((row) => Array.from({ length: longest }, (_, t) => row[t] ?? 0));
  const mask = maskOf(lengths, longest);
  const feeds = { input_ids: int64Tensor(padded, [ids.length, longest]), attention_mask: mask };
  return { hiddenStates: await encode(encoderPath, feeds), mask };
}

/** 1 at the first `lengths[b]` of `positions`. */
export function maskOf(lengths: readonly number[], positions: number): Tensor {
  const values = lengths.flatMap((length) =>
    Array.from({ length: positions }, (_, t) => (t < length ? 1 : 0)),
  );
  return int64Tensor(values, [lengths.length, positions]);
}

/** Number of unmasked positions of every row; they come first. */
export function lengthsOf(mask: Tensor): readonly number[] {
  const [rows, positions] = [dimension(mask, 0), dimension(mask, 1)];
  const at = (b: number, t: number) => Number(mask.data[b * positions + t]);
  return Array.from({ length: rows }, (_, b) => {
    let length = 0;
    while (length < positions && at(b, length) === 1) length++;
    return length;
  });
}

/** Row `b` of [B, T, D], `positions` of it, as a batch of one. */
export function rowOf(hiddenStates: Tensor, b: number, positions: number): Tensor {
  const [length, width] = [dimension(hiddenStates, 1), dimension(hiddenStates, 2)];
  const start = b * length * width;
  const data = floatData(hiddenStates).slice(start, start + positions * width);
  return floatTensor(data, [1, positions, width]);
}

async function encode(path: string, feeds: Readonly<Record<string, Tensor>>): Promise<Tensor> {
  const encoder = await Graph.load(path, 'cpu', null);
  try {
    return (await encoder.run(feeds, ['last_hidden_state'])).last_hidden_state;
  } finally {
    await encoder.dispose();
  }
}

function readInputs(): z.infer<typeof inputsSchema> {
  const path = fileURLToPath(new URL('test-encoder-inputs.json', import.meta.url));
  return inputsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
