/** Fits the members of an ensemble to stored outputs and makes one graph of them. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TrainingRecord } from '../../contract/proxy-training.ts';
import { fitProxy } from '../perturbation/training/fit.ts';
import { proxyGraph, type TrainedProxy } from '../perturbation/training/proxy-graph.ts';
import { weightCount, weightsOf } from '../perturbation/training/proxy-weights.ts';
import { stateStatistics } from '../perturbation/training/standardisation.ts';
import { directionOf } from './example-metric.ts';
import { fitFiles, removeFitFiles } from './fit-files.ts';
import type { ReadableModel } from './model-inputs.ts';
import type { Prepared } from './prepare-outputs.ts';
import { trainingExamples } from './stored-examples.ts';
import type { Splits, TrainingRun } from './training-run.ts';

export interface FittedProxy {
  readonly graph: Uint8Array;
  readonly proxy: TrainedProxy;
  readonly parameters: number;
  readonly members: TrainingRecord['members'];
  /** Deletes what was kept to go on from. */
  readonly forget: () => Promise<void>;
}

export interface EnsembleRun<Input> extends TrainingRun {
  readonly readable: ReadableModel<Input>;
  readonly prepared: Prepared;
  readonly splits: Splits;
  readonly digest: string;
}

/** @throws VeerError CANCELLED; finished epochs are kept */
export async function fitEnsemble<Input>(run: EnsembleRun<Input>): Promise<FittedProxy> {
  const { input, signal, emit, prepared, splits } = run;
  const { fit, step, metric, threads } = input;
  const width = run.readable.model.hiddenSize;
  const train = trainingExamples(splits.train, prepared.store, width);
  const dev = trainingExamples(splits.dev, prepared.store, width);
  const statistics = await stateStatistics(train, width, threads, signal);
  const targets = meanAndDeviation(train.scores);
  const training = createHash('sha256')
    .update(JSON.stringify([run.digest, fit, metric]))
    .digest('hex');
  const directory = join(prepared.directory, `fit-${training.slice(0, 16)}`);
  const members: Float32Array[] = [];
  const records: TrainingRecord['members'] = [];
  for (let member = 0; member < fit.members; member++) {
    let best = { epoch: -1, devSpearman: Number.NEGATIVE_INFINITY };
    let epochs = 0;
    const weights = await fitProxy({
      train,
      dev,
      standardisation: statistics.standardisation,
      targets,
      options: fit,
      member,
      threads,
      signal,
      saved: fitFiles(directory, training),
      onStep: (share) =>
        emit({ type: 'progress', stage: 'fit', done: member + share, total: fit.members }),
      onEpoch: (epoch) => emit({ type: 'epoch', member, ...epoch }),
      onEnd: (state) => {
        best = { epoch: state.bestEpoch, devSpearman: state.best };
        epochs = state.epoch;
      },
    });
    members.push(weights);
    records.push({ ...best, epochs });
  }
  const proxy: TrainedProxy = {
    shape: fit.shape,
    standardisation: statistics.standardisation,
    members,
    targets,
    metric,
    direction: directionOf(metric, input.scoreDirection),
    step,
    covariance: step.preconditioning === 'none' ? null : statistics.covariance,
  };
  return {
    proxy,
    graph: proxyGraph(proxy),
    parameters: fit.members * weightCount(weightsOf(fit.shape, width)),
    members: records,
    forget: () => removeFitFiles(directory),
  };
}

/** Scores that are all the same have the deviation 1: there is nothing to learn, and no ∞ either. */
export function meanAndDeviation(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}
