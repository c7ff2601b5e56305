/**
 * Mean, deviation and covariance of encoder outputs over the real positions of a training set. The
 * sums over positions run in ONNX Runtime, batch by batch, and are added up in double precision.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../../../contract/errors.ts';
import { matMul } from '../../onnx/autodiff/operations/mat-mul.ts';
import { reduceSum } from '../../onnx/autodiff/operations/reduce-sum.ts';
import { transposeMatrix } from '../../onnx/autodiff/operations/transpose.ts';
import { Graph } from '../../onnx/graph.ts';
import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import { floatData } from '../../onnx/tensor.ts';
import { sortedBatches } from './batches.ts';
import { encoderInputs } from './proxy-inputs.ts';
import type { Standardisation } from './proxy-network.ts';
import type { TrainingExamples } from './training-examples.ts';

/** Values that hardly vary are not blown up. */
const SMALLEST_DEVIATION = 1e-6;

export interface StateStatistics {
  readonly standardisation: Standardisation;
  /** [D, D], row-major */
  readonly covariance: Float32Array;
}

/** Examples whose encoder outputs are summed up at once. */
const BATCH = 32;

/** @throws VeerError CANCELLED */
export async function stateStatistics(
  examples: TrainingExamples,
  width: number,
  threads: number | null,
  signal: AbortSignal,
): Promise<StateStatistics> {
  const sums = new Float64Array(width);
  const products = new Float64Array(width * width);
  const graph = await Graph.load(momentsGraph(width), 'cpu', threads);
  try {
    for (const indices of sortedBatches(examples.lengths, BATCH)) {
      await nextTurn();
      throwIfCancelled(signal);
      const { hiddenStates, mask } = await examples.batch(indices);
      const feeds = { encoder_hidden_states: hiddenStates, attention_mask: mask };
      const { sum, product } = await graph.run(feeds, ['sum', 'product']);
      addTo(sums, floatData(sum));
      addTo(products, floatData(product));
    }
  } finally {
    await graph.dispose();
  }
  const count = examples.lengths.reduce((total, length) => total + length, 0);
  const mean = sums.map((sum) => sum / count);
  const covariance = products.map((product, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return product / count - (mean[row] ?? 0) * (mean[column] ?? 0);
  });
  const deviation = mean.map((_, i) => {
    return Math.max(SMALLEST_DEVIATION, Math.sqrt(Math.max(0, covariance[i * (width + 1)] ?? 0)));
  });
  return {
    standardisation: { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) },
    covariance: Float32Array.from(covariance),
  };
}

/** Outputs `sum` [1, 1, D] and `product` [1, D, D]. */
function momentsGraph(width: number): Uint8Array {
  const g = new GraphBuilder();
  const { clean } = encoderInputs(g, width);
  const products = matMul(g, transposeMatrix(g, clean), clean);
  return g.build({ sum: reduceSum(g, clean, [0, 1]), product: reduceSum(g, products, [0]) });
}

function addTo(sum: Float64Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (part[i] ?? 0);
}
