/**
 * What a proxy does on held-out examples: how well it predicts, and what its steps do to the text.
 * Plain and perturbed texts are decoded from the same stored encoder outputs, so they are paired.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../../contract/errors.ts';
import type { Correlations, GainMetric, MeasuredGain } from '../../contract/proxy-training.ts';
import { pairedBootstrap } from '../../evaluation/bootstrap.ts';
import { pearson, spearman } from '../../evaluation/correlation.ts';
import { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import { perturbedDecode } from '../pipeline/perturbed-decode.ts';
import { Stopwatch } from '../pipeline/stopwatch.ts';
import { EXAMPLE_METRICS } from './example-metric.ts';
import type { ReadableModel } from './model-inputs.ts';
import type { OutputStore } from './output-store.ts';
import { readBatch, type StoredExample } from './stored-examples.ts';

export interface MeasureOptions<Input> {
  readonly readable: ReadableModel<Input>;
  readonly proxy: PerturbationProxy;
  readonly store: OutputStore;
  /** Without 0: the plain output is always made. */
  readonly alphas: readonly number[];
  /** Null where no example has a reference. */
  readonly gainMetric: GainMetric;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface Measured {
  readonly correlations: Correlations;
  /** One per α; none without a metric. */
  readonly gains: readonly MeasuredGain[];
}

const RESAMPLES = 2000;

/** @param examples at least one. @throws VeerError CANCELLED */
export async function measureGain<Input>(
  examples: readonly StoredExample[],
  options: MeasureOptions<Input>,
): Promise<Measured> {
  const { proxy, store, readable, signal } = options;
  const { model } = readable;
  const alphas = options.gainMetric === null ? [] : options.alphas;
  const order = examples.toSorted((a, b) => a.output.valid - b.output.valid);
  const predicted: number[] = [];
  const texts: (readonly string[])[] = [];
  const memory = new PerturbationMemory();
  const size = Math.max(1, Math.floor((2 * readable.batchSize) / (alphas.length + 1)));
  for (let start = 0; start < order.length; start += size) {
    await nextTurn();
    throwIfCancelled(signal);
    const batch = order.slice(start, start + size);
    const encoded = await readBatch(batch, store, model.hiddenSize, model.decodesPadding);
    const { scores } = await proxy.perturb(encoded.hiddenStates, encoded.validMask, [0], {
      memory,
    });
    predicted.push(...scores);
    if (alphas.length > 0) {
      const outputs = await perturbedDecode(encoded, {
        model,
        proxy,
        alphas: [0, ...alphas],
        predictPerturbed: false,
        stopwatch: new Stopwatch(),
        memory,
        signal,
        onPartial: () => undefined,
      });
      texts.push(...outputs.map(({ variants }) => variants.map(({ text }) => text)));
    }
    options.onProgress(start + batch.length);
  }
  const real = order.map(({ score }) => score);
  return {
    correlations: {
      pearson: defined(pearson(predicted, real)),
      spearman: defined(spearman(predicted, real)),
    },
    gains: alphas.map((alpha, a) => gainOf(order, texts, a + 1, alpha, options)),
  };
}

function gainOf<Input>(
  examples: readonly StoredExample[],
  texts: readonly (readonly string[])[],
  variant: number,
  alpha: number,
  { gainMetric, seed }: MeasureOptions<Input>,
): MeasuredGain {
  const metric = EXAMPLE_METRICS[gainMetric ?? 'wer'];
  const statistics = (place: number) =>
    examples.map(({ example }, i) =>
      metric.statistics(texts[i]?.[place] ?? '', example.references),
    );
  const { difference, lower, upper } = pairedBootstrap(
    statistics(0),
    statistics(variant),
    metric.points,
    { seed, resamples: RESAMPLES },
  );
  return { alpha, gain: rounded(difference), interval: [rounded(lower), rounded(upper)] };
}

function defined(correlation: number): number | null {
  return Number.isNaN(correlation) ? null : rounded(correlation);
}

/** More digits would claim what no measurement gives. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
