/** Words of an output with their times: the tokens are read once more, for their cross-attention. */

import { VeerError } from '../../../contract/errors.ts';
import type { OutputDetails } from '../../../contract/result.ts';
import type { Hypothesis } from '../../decoding/hypothesis.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import { alignedStarts, headAttention } from './alignment.ts';
import type { WhisperParts } from './parts.ts';
import { withMarksMerged, wordsOf } from './words.ts';

/** @throws VeerError OPTION_INVALID where the model cannot say when a word was spoken */
export function requireAlignment({ folder, graphs, tokens }: WhisperParts): void {
  const lacks =
    tokens.alignmentHeads.length === 0
      ? 'its generation_config.json has no alignment_heads'
      : graphs.hasCrossAttentions(layersOf(tokens))
        ? null
        : 'its decoder was exported without cross_attentions';
  if (lacks === null) return;
  throw new VeerError('OPTION_INVALID', `${folder.id} cannot give times of words: ${lacks}.`);
}

/**
 * @param hiddenStates [1, T, D] of what the output was decoded from
 * @param positions those of them that stand for real audio
 * @param prompt without timestamps and without text that went before
 * @returns times in seconds from the start of the window; the probability of a word is the mean over
 *   its tokens, as they were decoded
 */
export async function wordTimes(
  parts: WhisperParts,
  hypothesis: Hypothesis,
  {
    hiddenStates,
    positions,
    prompt,
    language,
  }: {
    readonly hiddenStates: Tensor;
    readonly positions: number;
    readonly prompt: readonly number[];
    readonly language: string;
  },
): Promise<NonNullable<OutputDetails['words']>> {
  const { tokenizer, tokens, cacheShape, secondsPerPosition } = parts;
  const text = hypothesis.tokenIds.flatMap((id, i) => {
    const probability = Math.exp(hypothesis.tokenLogProbabilities[i] ?? Number.NEGATIVE_INFINITY);
    return id < tokens.endOfText ? [{ id, probability }] : [];
  });
  if (text.length === 0) return [];
  const ids = text.map(({ id }) => id);
  const layers = layersOf(tokens);
  const read = [...prompt, ...ids, tokens.endOfText];
  const attention = await parts.graphs.crossAttentions(hiddenStates, read, {
    layers,
    shape: cacheShape,
  });
  const heads = tokens.alignmentHeads.flatMap(([layer, head]) => {
    const tensor = attention[layers.indexOf(layer)];
    return tensor === undefined ? [] : [headAttention(tensor, head, positions)];
  });
  // The step that reads the last token of the prompt writes the first one; the last writes the end.
  const starts = alignedStarts(heads, [prompt.length - 1, read.length - 1]);
  const at = (token: number) => (starts[token] ?? 0) * secondsPerPosition;
  const words = wordsOf(ids, (some) => tokenizer.decodeExactly(some), language).map((word) => ({
    text: word.text,
    start: at(word.from),
    end: at(word.to),
    probability: mean(text.slice(word.from, word.to).map(({ probability }) => probability)),
  }));
  return withMarksMerged(words)
    .map((word) => ({ ...word, text: word.text.trim() }))
    .filter((word) => word.text !== '');
}

function layersOf({ alignmentHeads }: WhisperParts['tokens']): readonly number[] {
  return [...new Set(alignmentHeads.map(([layer]) => layer))];
}

/** At least one value. Rounding must not lead above 1. */
function mean(values: readonly number[]): number {
  return Math.min(1, values.reduce((sum, value) => sum + value, 0) / values.length);
}
