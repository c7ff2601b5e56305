/** Small proxies as training makes them, with random weights, for the tests of every proxy graph. */

import type { ProxyMetric } from '../../contract/proxy-metric.ts';
import type { ProxyShape, StepOptions } from '../../contract/proxy-training.ts';
import { Random } from '../../evaluation/random.ts';
import type { PerturbationProxy } from './proxy.ts';
import { ProxyFolder, TINY_WIDTH } from './test-tiny-proxies.ts';
import { proxyGraph } from './training/proxy-graph.ts';
import { initialWeights, weightsOf } from './training/proxy-weights.ts';

export interface TrainedCase {
  readonly name: string;
  readonly metric: ProxyMetric;
  readonly shape: ProxyShape;
  readonly step: StepOptions;
  readonly members: number;
  /** Mean and deviation of the scores. */
  readonly targets: { readonly mean: number; readonly deviation: number };
}

const ATTENTION: ProxyShape = { pooling: 'attention', queries: 2, value: 5, hidden: [8, 6] };
const PLAIN: ProxyShape = { pooling: 'attention', queries: 2, value: null, hidden: [8] };
const MEAN: ProxyShape = { pooling: 'position-mean', inner: 12, hidden: [8] };

export const TRAINED_CASES: readonly TrainedCase[] = [
  {
    name: 'trained attention, relative',
    metric: 'wer',
    shape: ATTENTION,
    step: { normalisation: 'relative', preconditioning: 'covariance', gate: 'predicted-error' },
    members: 1,
    targets: { mean: 0.6, deviation: 0.5 },
  },
  {
    name: 'trained attention without values, token',
    metric: 'chrf',
    shape: PLAIN,
    step: { normalisation: 'token', preconditioning: 'none', gate: 'predicted-error' },
    members: 1,
    targets: { mean: 40, deviation: 30 },
  },
  {
    name: 'three trained position means, raw',
    metric: 'log-probability',
    shape: MEAN,
    step: { normalisation: 'raw', preconditioning: 'none', gate: 'predicted-error' },
    members: 3,
    targets: { mean: -1, deviation: 1 },
  },
];

/** @param chosen places of the members that are in the graph; left out: all */
export function trainedGraph(
  { metric, shape, step, members, targets }: TrainedCase,
  chosen: readonly number[] = Array.from({ length: members }, (_, i) => i),
): Uint8Array {
  const random = new Random(17);
  const matrix = Array.from({ length: TINY_WIDTH ** 2 }, () => random.normal());
  return proxyGraph({
    shape,
    standardisation: {
      mean: Float32Array.from({ length: TINY_WIDTH }, () => random.normal()),
      deviation: Float32Array.from({ length: TINY_WIDTH }, () => 0.7 + random.uniform()),
    },
    members: chosen.map((member) =>
      // Larger than training begins with, so that rounding is small beside the gradient.
      initialWeights(weightsOf(shape, TINY_WIDTH), new Random(7 + member)).map(
        (value) => 2 * value,
      ),
    ),
    targets,
    metric,
    direction: metric === 'wer' ? 'lower-is-better' : 'higher-is-better',
    step,
    covariance:
      step.preconditioning === 'none' ? null : Float32Array.from(square(matrix, TINY_WIDTH)),
  });
}

/** Loaded as the app loads one, from a folder with a manifest. */
export async function loadTrained(
  proxy: TrainedCase,
  chosen?: readonly number[],
): Promise<PerturbationProxy> {
  const graph = trainedGraph(proxy, chosen);
  using folder = new ProxyFolder({ metric: proxy.metric, ...proxy.step }, graph);
  return await folder.load();
}

/** M·Mᵀ / D: as a covariance is, symmetric and positive. */
function square(matrix: readonly number[], size: number): readonly number[] {
  return matrix.map((_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    let sum = 0;
    for (let k = 0; k < size; k++) {
      sum += (matrix[row * size + k] ?? 0) * (matrix[column * size + k] ?? 0);
    }
    return sum / size;
  });
}
