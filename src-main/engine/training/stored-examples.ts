/** Stored encoder outputs as batches: real positions for a proxy, whole windows for a decoder. */

import { VeerError } from '../../contract/errors.ts';
import type { Encoded } from '../models/model.ts';
import type { TrainingExamples } from '../perturbation/training/training-examples.ts';
import { batchOf } from '../pipeline/encoded-rows.ts';
import type { Example } from './examples.ts';
import type { OutputStore, StoredOutput } from './output-store.ts';

/** An example with what the frozen model made of it. */
export interface StoredExample {
  readonly example: Example;
  readonly output: StoredOutput;
  /** What a proxy is to predict. */
  readonly score: number;
}

export function trainingExamples(
  stored: readonly StoredExample[],
  store: OutputStore,
  hiddenSize: number,
): TrainingExamples {
  return {
    lengths: stored.map(({ output }) => output.valid),
    scores: stored.map(({ score }) => score),
    batch: async (indices) => {
      const some = indices.map((i) => stored[i]).filter((one) => one !== undefined);
      const { hiddenStates, validMask: mask } = await readBatch(some, store, hiddenSize, false);
      return { hiddenStates, mask };
    },
  };
}

/** @param padding positions after the real ones too, where they are kept */
export async function readBatch(
  stored: readonly StoredExample[],
  store: OutputStore,
  hiddenSize: number,
  padding: boolean,
): Promise<Encoded> {
  const rows = [];
  for (const { output } of stored) {
    const positions = padding ? output.positions : output.valid;
    const hiddenStates = Float32Array.from(await store.read(output, positions));
    const validMask = Uint8Array.from({ length: positions }, (_, t) => (t < output.valid ? 1 : 0));
    rows.push({ hiddenStates, validMask });
  }
  if (rows.length === 0) throw new VeerError('INTERNAL', 'A batch needs at least one example.');
  return batchOf(rows, hiddenSize);
}
