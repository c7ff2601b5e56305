/**
 * The core of Veer: encoder outputs of one batch through proxy and decoder. Any number of α values costs
 * one encoder run, one proxy run (and one more for each, where what the step leads to is to be
 * predicted too) and one or two batched decodes; only the encoder output differs between them, so their
 * texts are comparable (METHOD: E' = E + σ·α·n(g), arXiv 2405.01601).
 */

import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import type { Segment, Variant } from '../../contract/result.ts';
import { averageLogProbability, type Hypothesis, type RowOutput } from '../decoding/hypothesis.ts';
import type { Encoded, TextDecoder } from '../models/model.ts';
import { dimension } from '../onnx/tensor.ts';
import { chooseAlpha } from './choose-alpha.ts';
import { type DecodeAlphasOptions, decodeAlphas } from './decode-alphas.ts';

/** What came of one encoder input: the part of a segment that the models make. */
export type DecodedInput = Pick<
  Segment,
  'predictedScore' | 'gradientNorm' | 'variants' | 'chosenAlpha'
>;

/**
 * @param plain encoder output of at least one input
 * @returns one entry per input, with one variant per α in the order of `alphas`
 * @throws VeerError CANCELLED
 */
export async function perturbedDecode<Input>(
  plain: Encoded,
  options: DecodeAlphasOptions<Input>,
): Promise<readonly DecodedInput[]> {
  const { model, alphas, likeness = null } = options;
  throwIfCancelled(options.signal);
  const { columns, scores, gradientNorms } = await decodeAlphas(plain, options);
  return Array.from({ length: dimension(plain.hiddenStates, 0) }, (_, b) => {
    const variants = alphas.flatMap((alpha, a) => {
      const found = columns[a]?.[b];
      if (found === undefined) return [];
      return [toVariant(found.output, alpha, found.predictedScore, model)];
    });
    return {
      predictedScore: scores?.[b] ?? null,
      gradientNorm: gradientNorms?.[b] ?? null,
      variants,
      ...(likeness && { chosenAlpha: chooseAlpha(variants, likeness) }),
    };
  });
}

function toVariant<Input>(
  output: RowOutput,
  alpha: number,
  predictedScore: number | null,
  model: TextDecoder<Input>,
): Variant {
  const { text, tokenIds, averageLogProbability, finishReason } = toText(output, alpha, model);
  const { alternatives, details } = output;
  return {
    alpha,
    text,
    tokenIds,
    predictedScore,
    averageLogProbability,
    finishReason,
    ...(alternatives && { alternatives: alternatives.map((one) => toText(one, alpha, model)) }),
    ...details,
  };
}

/** @throws VeerError OPTION_INVALID for a step beyond what numbers can hold */
function toText<Input>(hypothesis: Hypothesis, alpha: number, model: TextDecoder<Input>) {
  const logProbability = averageLogProbability(hypothesis);
  if (Number.isNaN(logProbability)) {
    throw new VeerError(
      'OPTION_INVALID',
      `The model gave no numbers at α = ${alpha}. Use a smaller α, or another dtype.`,
    );
  }
  return {
    text: model.text(hypothesis.tokenIds),
    tokenIds: [...hypothesis.tokenIds],
    averageLogProbability: Math.min(0, logProbability),
    finishReason: hypothesis.finishReason,
  };
}

/** The same text for every α, made without any model. */
export function copied(text: string, alphas: readonly number[]): DecodedInput {
  return {
    predictedScore: null,
    gradientNorm: null,
    variants: alphas.map((alpha) => ({
      alpha,
      text,
      tokenIds: [],
      predictedScore: null,
      averageLogProbability: 0,
      finishReason: 'end-of-text',
    })),
  };
}
