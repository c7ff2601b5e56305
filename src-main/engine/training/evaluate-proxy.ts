/** Measures a proxy that is there on given examples: how well it predicts, what its steps gain. */

import { encoderDtype } from '../../contract/dtype-pairs.ts';
import { VeerError } from '../../contract/errors.ts';
import type {
  EvaluateProxyInput,
  EvaluationEvent,
  FrozenModel,
} from '../../contract/proxy-training.ts';
import { loadProxyFor } from '../pipeline/load-proxy.ts';
import { gainMetricOf } from './example-metric.ts';
import { withReadableModel } from './load-readable.ts';
import { measureGain } from './measure-gain.ts';
import type { ReadableModel } from './model-inputs.ts';
import { prepareOutputs } from './prepare-outputs.ts';

export interface EvaluationRun {
  readonly input: EvaluateProxyInput;
  readonly emit: (event: EvaluationEvent) => void;
  readonly signal: AbortSignal;
}

/** @throws VeerError as `loadModel` and `PerturbationProxy.load`, OPTION_INVALID, CANCELLED */
export function evaluateProxy(run: EvaluationRun): Promise<void> {
  const input: FrozenModel = run.input;
  return withReadableModel(input, (readable) => evaluateFor(readable, run));
}

async function evaluateFor<Input>(
  readable: ReadableModel<Input>,
  { input, emit, signal }: EvaluationRun,
): Promise<void> {
  const proxy = await loadProxyFor(readable.model, input.proxyDirectory, input.threads);
  try {
    const { metric, encoders } = proxy.manifest;
    const decodedAgain = () => true;
    const prepared = await prepareOutputs(readable, { input, metric, decodedAgain, emit, signal });
    await using store = prepared.store;
    const { stored } = prepared;
    if (stored.length === 0) {
      throw new VeerError(
        'OPTION_INVALID',
        'None of the examples could be used. See the reasons above.',
      );
    }
    const measurable = stored.every(({ example }) => example.references.length > 0);
    const gainMetric = measurable ? gainMetricOf(metric, readable.task) : null;
    const suggested = encoders[encoderDtype(readable.model.identity.dtype)]?.suggestedAlpha ?? 0;
    const alphas = input.alphas ?? (suggested === 0 ? [] : [suggested]);
    const measured = await measureGain(stored, {
      readable,
      proxy,
      store,
      alphas,
      gainMetric,
      seed: input.seed,
      signal,
      onProgress: (done) =>
        emit({ type: 'progress', stage: 'measure', done, total: stored.length }),
    });
    emit({
      type: 'evaluated',
      examples: stored.length,
      gainMetric,
      correlations: measured.correlations,
      gains: [...measured.gains],
    });
  } finally {
    await proxy.dispose();
  }
}
