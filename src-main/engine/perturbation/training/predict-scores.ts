/** What weights under training predict for a set of examples. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../../../contract/errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { floatData } from '../../onnx/tensor.ts';
import { sortedBatches } from './batches.ts';
import type { Weight } from './proxy-weights.ts';
import type { TrainingExamples } from './training-examples.ts';
import { weightFeeds } from './training-step.ts';

const BATCH = 64;

/** @returns standardised scores, in the order of the examples */
export async function predictScores(
  graph: Graph,
  examples: TrainingExamples,
  weights: readonly Weight[],
  flat: Float32Array,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const scores = new Array<number>(examples.lengths.length).fill(Number.NaN);
  for (const indices of sortedBatches(examples.lengths, BATCH)) {
    await nextTurn();
    throwIfCancelled(signal);
    const { hiddenStates, mask } = await examples.batch(indices);
    const feeds = { encoder_hidden_states: hiddenStates, attention_mask: mask };
    const { score } = await graph.run({ ...feeds, ...weightFeeds(weights, flat) }, ['score']);
    indices.forEach((index, b) => {
      scores[index] = floatData(score)[b] ?? Number.NaN;
    });
  }
  return scores;
}
