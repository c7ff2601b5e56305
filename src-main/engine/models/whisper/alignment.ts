/**
 * When each token was said: the decoder's cross-attention, warped to time (openai/whisper
 * `timing.py`, `find_alignment`).
 *
 * OpenAI's reads the tokens in one go, and a token begins where the step that writes it looks.
 * Hugging Face's `_extract_token_timestamps` takes the step that reads the token, which is one later;
 * OpenAI's is followed. A graph gives attention after the softmax over all positions. OpenAI's takes the
 * softmax over those of the sound alone, which is the same as dividing what is left of each row by its
 * sum; Hugging Face's cuts the padding off and divides by nothing.
 */

import { medianFiltered, warpedStarts } from '../../decoding/time-warping.ts';
import { dimension, floatData, type Tensor } from '../../onnx/tensor.ts';

const MEDIAN_WIDTH = 7;

/** Attention of one head: [tokens × positions]. */
export interface HeadAttention {
  readonly weights: Float32Array;
  readonly tokens: number;
}

/**
 * @param layer [1, heads, tokens, T]
 * @param positions T or fewer: those that stand for real audio
 * @returns the sum of each token's weights is 1; a token that sees nothing of the audio has zeros
 */
export function headAttention(layer: Tensor, head: number, positions: number): HeadAttention {
  const [tokens, all] = [2, 3].map((axis) => dimension(layer, axis)) as [number, number];
  const data = floatData(layer);
  const weights = new Float32Array(tokens * positions);
  for (let token = 0; token < tokens; token++) {
    const start = (head * tokens + token) * all;
    let sum = 0;
    for (let at = 0; at < positions; at++) sum += data[start + at] as number;
    for (let at = 0; sum > 0 && at < positions; at++) {
      weights[token * positions + at] = (data[start + at] as number) / sum;
    }
  }
  return { weights, tokens };
}

/**
 * @param heads at least one, all of the same size
 * @param rows the tokens to align, of those that were read: from the first up to before the last
 * @returns for each of them the position at which its step begins to look; never goes back
 */
export function alignedStarts(
  heads: readonly HeadAttention[],
  [from, to]: readonly [from: number, to: number],
): readonly number[] {
  const columns = (heads[0]?.weights.length ?? 0) / (heads[0]?.tokens ?? 1);
  const costs = new Float64Array((to - from) * columns);
  for (const { weights, tokens } of heads) {
    const smooth = medianFiltered(standardised(weights, tokens, columns), columns, MEDIAN_WIDTH);
    for (let i = 0; i < costs.length; i++) {
      costs[i] = (costs[i] as number) - (smooth[from * columns + i] as number) / heads.length;
    }
  }
  return warpedStarts(costs, columns);
}

/** Every position with mean 0 and deviation 1 over the tokens. */
function standardised(weights: Float32Array, tokens: number, columns: number): Float32Array {
  const out = new Float32Array(weights.length);
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    let squares = 0;
    for (let at = column; at < weights.length; at += columns) sum += weights[at] as number;
    const mean = sum / tokens;
    for (let at = column; at < weights.length; at += columns) {
      squares += ((weights[at] as number) - mean) ** 2;
    }
    // Where no token differs from another, none is preferred.
    const deviation = Math.sqrt(squares / tokens) || 1;
    for (let at = column; at < weights.length; at += columns) {
      out[at] = ((weights[at] as number) - mean) / deviation;
    }
  }
  return out;
}
