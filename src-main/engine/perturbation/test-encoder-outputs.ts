/** Real encoder outputs of the bundled models on dev inputs of `e2e/fixtures`, for tests. */

import { readSamples, speechDev, spread, translationDev } from '../../../e2e/dev-inputs.ts';
import { loadModel } from '../models/factory.ts';
import type { Model } from '../models/model.ts';
import { dimension, floatData, floatTensor, int64Tensor, type Tensor } from '../onnx/tensor.ts';

/** One batch: hidden states [B, T, D] and mask [B, T], rows of different lengths. */
export interface EncoderOutputs {
  readonly hiddenStates: Tensor;
  readonly mask: Tensor;
}

/** Three utterances in noise, shorter than the window and of different lengths. */
export async function speechOutputs(modelDirectory: string): Promise<EncoderOutputs> {
  const noisy = (await speechDev()).filter(({ condition }) => condition.endsWith('noise'));
  const inputs = await Promise.all(spread(noisy, 3).map(({ path }) => readSamples(path)));
  return encode(modelDirectory, inputs);
}

/** Four sentences of different lengths without vowels, which no translator can do anything with. */
export async function translationOutputs(modelDirectory: string): Promise<EncoderOutputs> {
  const sentences = (await translationDev()).map(({ source }) => source.replaceAll(/[aeiou]/g, ''));
  const lengths = new Map(sentences.map((sentence) => [sentence.length, sentence]));
  return encode(modelDirectory, [...lengths.values()].slice(0, 4));
}

async function encode(directory: string, inputs: readonly unknown[]): Promise<EncoderOutputs> {
  const options = {
    directory,
    dtype: 'fp32',
    device: 'cpu',
    threads: null,
    language: null,
  } as const;
  const model = (await loadModel(options)) as Model<unknown>;
  try {
    const { hiddenStates, validMask } = await model.encode(model.prepare(inputs));
    return { hiddenStates, mask: validMask };
  } finally {
    await model.dispose();
  }
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
