/**
 * Which language is spoken: one decoder step after the start token, softmax over the language tokens
 * (openai/whisper `decoding.py`, `detect_language`; Hugging Face's takes the best without its
 * probability).
 */

import { dimension, type Tensor } from '../../onnx/tensor.ts';
import type { WhisperParts } from './parts.ts';

export interface DetectedLanguage {
  /** Language code, lower case. */
  readonly language: string;
  /** Among the languages that the model knows. */
  readonly probability: number;
}

/**
 * @param hiddenStates [B, T, D]
 * @returns the most probable language of every row
 */
export async function detectLanguages(
  { graphs, tokens, cacheShape }: WhisperParts,
  hiddenStates: Tensor,
): Promise<readonly DetectedLanguage[]> {
  const rows = dimension(hiddenStates, 0);
  const session = graphs.decoderSession(hiddenStates, null, cacheShape);
  const start = Array.from({ length: rows }, () => [tokens.start]);
  const logits = await session.step(start).finally(() => session.dispose());
  const vocabulary = logits.length / rows;
  const languages = [...tokens.languages.keys()];
  return Array.from({ length: rows }, (_, row) => {
    const probabilities = probabilitiesOf(
      logits.subarray(row * vocabulary, (row + 1) * vocabulary),
      [...tokens.languages.values()],
    );
    const probability = Math.max(...probabilities);
    return { language: languages[probabilities.indexOf(probability)] ?? '', probability };
  });
}

/** Softmax over some ids of one row; few of them. */
function probabilitiesOf(logits: Float32Array, ids: readonly number[]): readonly number[] {
  const values = ids.map((id) => logits[id] ?? Number.NEGATIVE_INFINITY);
  const max = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - max));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
