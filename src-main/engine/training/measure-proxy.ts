/** α chosen on dev, its gain confirmed once on test. */

import type {
  MeasuredGain,
  TrainingEvent,
  TrainProxyInput,
} from '../../contract/proxy-training.ts';
import { loadProxyFor } from '../pipeline/load-proxy.ts';
import { gainMetricOf } from './example-metric.ts';
import { type Measured, measureGain } from './measure-gain.ts';
import type { ReadableModel } from './model-inputs.ts';
import type { OutputStore } from './output-store.ts';
import type { ProxyFolder } from './proxy-folder.ts';
import type { Splits } from './training-run.ts';

export interface MeasuredProxy {
  readonly dev: Measured;
  readonly test: Measured;
  /** 0 where no step made the outputs of dev better. */
  readonly suggestedAlpha: number;
}

export interface MeasureRun<Input> {
  readonly readable: ReadableModel<Input>;
  readonly input: TrainProxyInput;
  readonly splits: Splits;
  readonly store: OutputStore;
  readonly folder: Pick<ProxyFolder, 'path'>;
  readonly emit: (event: TrainingEvent) => void;
  readonly signal: AbortSignal;
}

/** @throws VeerError CANCELLED */
export async function measureProxy<Input>(run: MeasureRun<Input>): Promise<MeasuredProxy> {
  const { readable, input, splits, store, folder, emit, signal } = run;
  const { dev, test } = splits;
  const total = dev.length + test.length;
  const measurable = [...dev, ...test].every(({ example }) => example.references.length > 0);
  const proxy = await loadProxyFor(readable.model, folder.path, input.threads);
  try {
    const options = {
      readable,
      proxy,
      store,
      gainMetric: measurable ? gainMetricOf(input.metric, readable.task) : null,
      seed: input.fit.seed,
      signal,
    };
    const progress = (before: number) => (done: number) =>
      emit({ type: 'progress', stage: 'measure', done: before + done, total });
    const onDev = { ...options, alphas: input.alphas, onProgress: progress(0) };
    const measuredDev = await measureGain(dev, onDev);
    const best = bestOf(measuredDev.gains);
    const alphas = best === null ? [] : [best.alpha];
    const onTest = { ...options, alphas, onProgress: progress(dev.length) };
    const measuredTest = await measureGain(test, onTest);
    return { dev: measuredDev, test: measuredTest, suggestedAlpha: best?.alpha ?? 0 };
  } finally {
    await proxy.dispose();
  }
}

/** The best step on dev; null where none made the outputs better. */
function bestOf(gains: readonly MeasuredGain[]): MeasuredGain | null {
  const best = gains.toSorted((a, b) => b.gain - a.gain)[0];
  return best !== undefined && best.gain > 0 ? best : null;
}
