/** What the proxy predicts before and after a step, with the moved encoder outputs read anew. */

import type { ProxyManifest } from '../../src-main/contract/model-layout.ts';
import type { Encoded } from '../../src-main/engine/models/model.ts';
import {
  dimension,
  floatData,
  floatTensor,
  int64Tensor,
} from '../../src-main/engine/onnx/tensor.ts';
import { namedRandom } from '../../src-main/engine/perturbation/training/named-random.ts';
import { DIRECTIONS, type Direction, moveAlong, predict, relativeSteps } from './directions.ts';
import type { EvaluationInput } from './perturbation/evaluation-sets.ts';
import { batchesOf, type Subject } from './subjects.ts';

export interface PredictedScores {
  /** Share of a full step that the proxy takes, 0 to 1; below it the step is not worth counting. */
  readonly gate: number;
  /** In the unit of the manifest. */
  readonly plain: number;
  /** [alphas] for every direction. */
  readonly moved: Readonly<Record<Direction, readonly number[]>>;
}

/** Inputs that the proxy leaves nearly alone cannot show where its steps lead. */
export const SMALLEST_GATE = 0.01;

/**
 * @param alphas above 0
 * @returns one entry per input, the longest first
 */
export async function predictedScores<Input extends { readonly length: number }>(
  { model, proxy, batchSize }: Subject<Input>,
  inputs: readonly EvaluationInput<Input>[],
  { alphas, seed }: { readonly alphas: readonly number[]; readonly seed: number },
): Promise<readonly PredictedScores[]> {
  const results: PredictedScores[] = [];
  for (const batch of batchesOf(inputs, batchSize)) {
    const randomOf = (b: number) => namedRandom(seed, batch[b]?.name ?? '');
    const encoded = await model.encode(model.prepare(batch.map(({ input }) => input)));
    const plain = proxy.manifest.mask === 'valid' ? withoutCommonPadding(encoded) : encoded;
    const before = await predict(proxy, plain);
    const after: Record<Direction, readonly (readonly number[])[]> = {
      gradient: [],
      'sign flipped': [],
      random: [],
    };
    let steps: readonly number[] = [];
    for (const direction of DIRECTIONS) {
      const moved = await moveAlong(direction, plain, { proxy, alphas, randomOf });
      if (direction === 'gradient') steps = relativeSteps(plain, moved);
      const scores = await predict(proxy, moved);
      after[direction] = batch.map((_, b) => [
        ...scores.slice(b * alphas.length, (b + 1) * alphas.length),
      ]);
    }
    batch.forEach((_, b) => {
      results.push({
        gate: (steps[b * alphas.length] ?? 0) / (alphas[0] ?? 1),
        plain: before[b] ?? Number.NaN,
        moved: {
          gradient: after.gradient[b] ?? [],
          'sign flipped': after['sign flipped'][b] ?? [],
          random: after.random[b] ?? [],
        },
      });
    });
  }
  return results;
}

/** The positions that some row needs: a proxy that does not read padding gives the same, sooner. */
function withoutCommonPadding({ hiddenStates, validMask }: Encoded): Encoded {
  const [rows, positions] = [dimension(validMask, 0), dimension(validMask, 1)];
  const width = dimension(hiddenStates, 2);
  let needed = 1;
  validMask.data.forEach((value, i) => {
    if (Number(value) !== 0) needed = Math.max(needed, (i % positions) + 1);
  });
  const states = new Float32Array(rows * needed * width);
  const mask: number[] = [];
  for (let b = 0; b < rows; b++) {
    const start = b * positions;
    const row = floatData(hiddenStates).subarray(start * width, (start + needed) * width);
    states.set(row, b * needed * width);
    for (let t = 0; t < needed; t++) mask.push(Number(validMask.data[start + t]));
  }
  return {
    hiddenStates: floatTensor(states, [rows, needed, width]),
    validMask: int64Tensor(mask, [rows, needed]),
  };
}

/** Changes of the prediction at place `a` of the alphas, above 0 where it became better. */
export function improvements(
  inputs: readonly PredictedScores[],
  direction: Direction,
  a: number,
  { direction: better }: Pick<ProxyManifest, 'direction'>,
): readonly number[] {
  const sign = better === 'lower-is-better' ? -1 : 1;
  return inputs.map(({ plain, moved }) => sign * ((moved[direction][a] ?? Number.NaN) - plain));
}
