/**
 * The core of Veer: encoder outputs of one batch through proxy and decoder. Any number of α values costs
 * one encoder run, one proxy run (and one more for each, where what the step leads to is to be
 * predicted too) and one batched decode; only the encoder output differs between them, so their texts
 * are comparable (METHOD: E' = E + σ·α·n(g), arXiv 2405.01601).
 */

import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import type { Segment, Variant } from '../../contract/result.ts';
import type { Search } from '../../contract/search.ts';
import { averageLogProbability, type Hypothesis, type RowOutput } from '../decoding/hypothesis.ts';
import type { Encoded, Model } from '../models/model.ts';
import { dimension, selectRows } from '../onnx/tensor.ts';
import type { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What came of one encoder input: the part of a segment that the models make. */
export type DecodedInput = Pick<Segment, 'predictedScore' | 'gradientNorm' | 'variants'>;

/** What decodes: a model, or what is asked of it for one recording. */
type TextDecoder<Input> = Pick<Model<Input>, 'decode' | 'text'>;

export interface PerturbedDecodeOptions<Input> {
  readonly model: TextDecoder<Input>;
  readonly proxy: PerturbationProxy | null;
  /** Finite; 0 is the plain output. */
  readonly alphas: readonly number[];
  /** Also predict the score of every perturbed encoder output. */
  readonly predictPerturbed: boolean;
  /** Left out or null: greedy. */
  readonly search?: Search | null;
  /** Names of the inputs, for sampling: equal names draw equally, whatever the batch and α. */
  readonly inputNames?: readonly string[];
  readonly stopwatch: Stopwatch;
  /** Shared by the batches of a run that follow each other. */
  readonly memory: PerturbationMemory;
  readonly signal: AbortSignal;
  /** Texts so far, [inputs][alphas]; called a few times a second while decoding. */
  readonly onPartial: (texts: readonly (readonly string[])[]) => void;
}

/** Milliseconds between two partial texts: often enough to read along, cheap enough to ignore. */
const PARTIAL_INTERVAL = 150;

/**
 * @param plain encoder output of at least one input
 * @returns one entry per input, with one variant per α in the order of `alphas`
 * @throws VeerError CANCELLED
 */
export async function perturbedDecode<Input>(
  plain: Encoded,
  options: PerturbedDecodeOptions<Input>,
): Promise<readonly DecodedInput[]> {
  const { model, alphas, stopwatch, signal, search = null, inputNames } = options;
  throwIfCancelled(signal);
  const { encoded, scores, perturbedScores, gradientNorms } = await stopwatch.time('proxy', () =>
    applyAlphas(plain, options),
  );
  const group = <T>(rows: readonly T[]) =>
    Array.from({ length: dimension(plain.hiddenStates, 0) }, (_, b) =>
      rows.slice(b * alphas.length, (b + 1) * alphas.length),
    );
  let reported = performance.now();
  const onStep = (tokens: readonly (readonly number[])[]) => {
    if (performance.now() - reported < PARTIAL_INTERVAL) return;
    reported = performance.now();
    options.onPartial(group(tokens.map((ids) => model.text(ids))));
  };
  const hypotheses = await stopwatch.time('decode', () =>
    model.decode(encoded, {
      signal,
      onStep,
      search,
      // Every α draws the same numbers: its text differs for the encoder output alone.
      ...(inputNames && { streamNames: inputNames.flatMap((name) => alphas.map(() => name)) }),
    }),
  );
  return group(hypotheses).map((rows, b) => ({
    predictedScore: scores?.[b] ?? null,
    gradientNorm: gradientNorms?.[b] ?? null,
    variants: rows.map((hypothesis, a) => {
      const alpha = alphas[a] ?? 0;
      const predicted = alpha === 0 ? scores?.[b] : perturbedScores?.[b * alphas.length + a];
      return toVariant(hypothesis, alpha, predicted ?? null, model);
    }),
  }));
}

interface AlphaRows {
  /** Rows b·A + a. */
  readonly encoded: Encoded;
  readonly scores: Float32Array | null;
  /** By row. */
  readonly perturbedScores: Float32Array | null;
  readonly gradientNorms: Float32Array | null;
}

async function applyAlphas<Input>(
  plain: Encoded,
  { proxy, alphas, memory, predictPerturbed }: PerturbedDecodeOptions<Input>,
): Promise<AlphaRows> {
  // Without a step there is nothing to compute: the plain output costs nothing beyond a plain run.
  if (alphas.length === 1 && alphas[0] === 0) {
    return { encoded: plain, scores: null, perturbedScores: null, gradientNorms: null };
  }
  if (proxy === null) {
    throw new VeerError(
      'PROXY_NOT_FOUND',
      'An α other than 0 needs a proxy. Choose one with --proxy.',
    );
  }
  const perturbed = await proxy.perturb(plain.hiddenStates, plain.validMask, alphas, {
    memory,
    predictPerturbed,
  });
  const rows = Array.from({ length: dimension(plain.validMask, 0) }, (_, b) => b);
  const repeated = rows.flatMap((b) => alphas.map(() => b));
  return {
    encoded: {
      hiddenStates: perturbed.hiddenStates,
      validMask: selectRows(plain.validMask, repeated),
    },
    scores: perturbed.scores,
    perturbedScores: perturbed.perturbedScores,
    gradientNorms: perturbed.gradientNorms,
  };
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
