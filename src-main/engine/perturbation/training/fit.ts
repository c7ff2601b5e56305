/**
 * Fits one proxy to (encoder output, score) pairs: AdamW on Huber + (1 − Pearson) within the batch,
 * stopped early by Spearman's correlation on dev examples, whose best epoch is kept. Every random
 * number belongs to its epoch, so a fit that goes on from a checkpoint gives what it would have
 * given without a break.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled, VeerError } from '../../../contract/errors.ts';
import type { FitOptions } from '../../../contract/proxy-training.ts';
import { spearman } from '../../../evaluation/correlation.ts';
import { Graph } from '../../onnx/graph.ts';
import { shuffledBatches } from './batches.ts';
import type { FitState, SavedFit } from './fit-state.ts';
import { namedRandom } from './named-random.ts';
import { predictScores } from './predict-scores.ts';
import type { Standardisation } from './proxy-network.ts';
import { initialWeights, weightCount, weightsOf } from './proxy-weights.ts';
import type { TrainingExamples } from './training-examples.ts';
import { scoreGraph, trainingGraph } from './training-graph.ts';
import { TrainingStep } from './training-step.ts';

export interface FitEpoch {
  readonly epoch: number;
  /** Mean over the epoch's batches. */
  readonly loss: number;
  /** Spearman's correlation on dev; −1 where it is not defined. */
  readonly devSpearman: number;
}

export interface FitRun {
  readonly train: TrainingExamples;
  readonly dev: TrainingExamples;
  readonly standardisation: Standardisation;
  readonly targets: { readonly mean: number; readonly deviation: number };
  readonly options: FitOptions;
  /** Which one of an ensemble. */
  readonly member: number;
  readonly threads: number | null;
  readonly signal: AbortSignal;
  readonly onStep: (share: number) => void;
  readonly onEpoch: (epoch: FitEpoch) => void;
  /** Which epoch was kept, and how many there were. */
  readonly onEnd: (state: Pick<FitState, 'epoch' | 'best' | 'bestEpoch'>) => void;
  readonly saved: SavedFit;
}

/**
 * @returns the weights of the best epoch, flat
 * @throws VeerError CANCELLED, OPTION_INVALID where the loss is no number any more
 */
export async function fitProxy(run: FitRun): Promise<Float32Array> {
  const { train, options, standardisation, signal, member } = run;
  const weights = weightsOf(options.shape, standardisation.mean.length);
  const state =
    (await run.saved.load(member, weightCount(weights))) ??
    freshState(initialWeights(weights, namedRandom(options.seed, `weights ${member}`)));
  const noise = options.noise > 0;
  const graph = trainingGraph({ ...options, standardisation, dropout: options.dropout > 0, noise });
  const training = await Graph.load(graph, 'cpu', run.threads);
  const scoring = await Graph.load(scoreGraph(options.shape, standardisation), 'cpu', run.threads);
  try {
    const step = new TrainingStep(training, { ...run, weights });
    while (!isDone(state, options)) {
      const epoch = state.epoch;
      const random = namedRandom(options.seed, `member ${member} epoch ${epoch}`);
      const batches = shuffledBatches(train.lengths, options.batchSize, random);
      let loss = 0;
      for (const [i, indices] of batches.entries()) {
        // A native call cannot be interrupted; between two of them a cancel is heard.
        await nextTurn();
        throwIfCancelled(signal);
        loss += await step.run(indices, state, random, epoch * batches.length + i, batches.length);
        run.onStep((epoch + (i + 1) / batches.length) / options.epochs);
      }
      requireFinite(loss);
      const predicted = await predictScores(scoring, run.dev, weights, state.weights, signal);
      const correlation = spearman(predicted, run.dev.scores);
      const devSpearman = Number.isNaN(correlation) ? -1 : correlation;
      if (devSpearman > state.best) {
        state.best = devSpearman;
        state.bestEpoch = epoch;
        state.bestWeights.set(state.weights);
      }
      state.epoch += 1;
      await run.saved.save(member, state);
      run.onEpoch({ epoch, loss: loss / batches.length, devSpearman });
    }
  } finally {
    await training.dispose();
    await scoring.dispose();
  }
  run.onEnd(state);
  return state.bestWeights;
}

/** @throws VeerError OPTION_INVALID: nothing good can come of such weights */
function requireFinite(loss: number): void {
  if (Number.isFinite(loss)) return;
  throw new VeerError(
    'OPTION_INVALID',
    'The fit came to numbers that are none. Use a smaller --rate, or check whether the model gives finite outputs with this --dtype.',
  );
}

function isDone({ epoch, bestEpoch }: FitState, { epochs, patience }: FitOptions): boolean {
  return epoch >= epochs || epoch - 1 - bestEpoch >= patience;
}

function freshState(weights: Float32Array): FitState {
  return {
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    steps: 0,
    epoch: 0,
    best: Number.NEGATIVE_INFINITY,
    bestEpoch: -1,
    bestWeights: Float32Array.from(weights),
  };
}
