/** One step of AdamW over a batch: what the training graph reads, and what is done with its answer. */

import type { FitOptions } from '../../../contract/proxy-training.ts';
import type { Random } from '../../../evaluation/random.ts';
import type { Graph, Tensors } from '../../onnx/graph.ts';
import { floatData, floatTensor, type Tensor } from '../../onnx/tensor.ts';
import { adamWStep, clipGradient } from './adamw.ts';
import type { FitState } from './fit-state.ts';
import type { Standardisation } from './proxy-network.ts';
import { partOf, type Weight, weightCount } from './proxy-weights.ts';
import type { TrainingExamples } from './training-examples.ts';
import { dropoutName, gradientName } from './training-graph.ts';

/** Steps in which the learning rate rises to what was asked for; at most a tenth of all. */
const WARM_UP = 50;
const LARGEST_GRADIENT = 1;

export interface StepContext {
  readonly train: TrainingExamples;
  readonly standardisation: Standardisation;
  readonly targets: { readonly mean: number; readonly deviation: number };
  readonly options: FitOptions;
  readonly weights: readonly Weight[];
}

export class TrainingStep {
  readonly #graph: Graph;
  readonly #context: StepContext;
  readonly #gradient: Float32Array;

  constructor(graph: Graph, context: StepContext) {
    this.#graph = graph;
    this.#context = context;
    this.#gradient = new Float32Array(weightCount(context.weights));
  }

  /**
   * Changes the weights of `state`.
   *
   * @param step from 0, over all epochs
   * @param perEpoch steps of an epoch
   * @returns the loss before the step
   */
  async run(
    indices: readonly number[],
    state: FitState,
    random: Random,
    step: number,
    perEpoch: number,
  ): Promise<number> {
    const { train, weights, options, targets } = this.#context;
    const { hiddenStates, mask } = await train.batch(indices);
    const wanted = indices.map((i) => ((train.scores[i] ?? 0) - targets.mean) / targets.deviation);
    const outputs = await this.#graph.run(
      {
        encoder_hidden_states: hiddenStates,
        attention_mask: mask,
        targets: floatTensor(Float32Array.from(wanted), [wanted.length]),
        ...weightFeeds(weights, state.weights),
        ...this.#noise(hiddenStates, random),
        ...this.#dropout(indices.length, random),
      },
      ['loss', ...weights.map(({ name }) => gradientName(name))],
    );
    for (const weight of weights) {
      const part = outputs[gradientName(weight.name)];
      if (part !== undefined) partOf(this.#gradient, weight).set(floatData(part));
    }
    clipGradient(this.#gradient, LARGEST_GRADIENT);
    const rate = learningRate(options.learningRate, step, options.epochs * perEpoch);
    adamWStep(state.weights, this.#gradient, state, rate, options);
    return outputs['loss'] === undefined
      ? Number.NaN
      : (floatData(outputs['loss'])[0] ?? Number.NaN);
  }

  #noise({ dims }: Tensor, random: Random): Tensors {
    const { options, standardisation } = this.#context;
    if (options.noise === 0) return {};
    const { deviation } = standardisation;
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
    for (let i = 0; i < values.length; i++) {
      values[i] = options.noise * (deviation[i % deviation.length] ?? 0) * random.normal();
    }
    return { noise: floatTensor(values, dims) };
  }

  #dropout(batch: number, random: Random): Tensors {
    const { dropout, shape } = this.#context.options;
    if (dropout === 0) return {};
    const keep = 1 / (1 - dropout);
    return Object.fromEntries(
      shape.hidden.map((size, i) => {
        const factors = Float32Array.from({ length: batch * size }, () =>
          random.uniform() < dropout ? 0 : keep,
        );
        return [dropoutName(i), floatTensor(factors, [batch, size])];
      }),
    );
  }
}

export function weightFeeds(weights: readonly Weight[], flat: Float32Array): Tensors {
  return Object.fromEntries(
    weights.map((weight) => [weight.name, floatTensor(partOf(flat, weight), weight.dims)]),
  );
}

/** Rises at first, then falls to 0 in a line. */
function learningRate(highest: number, step: number, steps: number): number {
  const warmUp = Math.max(1, Math.min(WARM_UP, steps / 10));
  return highest * Math.min(1, (step + 1) / warmUp) * (1 - step / steps);
}
