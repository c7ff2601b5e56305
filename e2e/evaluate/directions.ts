/** Encoder outputs moved along the proxy's gradient and along the controls that it must beat. */

import type { Encoded } from '../../src-main/engine/models/model.ts';
import {
  dimension,
  floatData,
  floatTensor,
  selectRows,
} from '../../src-main/engine/onnx/tensor.ts';
import type { PerturbationProxy } from '../../src-main/engine/perturbation/proxy.ts';
import type { Random } from '../../src-main/evaluation/random.ts';

export const DIRECTIONS = ['gradient', 'sign flipped', 'random'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * @param alphas above 0
 * @param randomOf the random numbers of row b of `plain`; asked for the random direction only
 * @returns rows b·A + a. A random direction has, at every position, the norm of the proxy's own
 *   step there, so that only where it points differs; it is one direction per input, for all α.
 */
export async function moveAlong(
  direction: Direction,
  plain: Encoded,
  options: {
    readonly proxy: PerturbationProxy;
    readonly alphas: readonly number[];
    readonly randomOf: (b: number) => Random;
    /** Small steps that a step is made in; left out, as the proxy says. */
    readonly steps?: number;
  },
): Promise<Encoded> {
  const { proxy, alphas, randomOf, steps } = options;
  const signed = direction === 'sign flipped' ? alphas.map((alpha) => -alpha) : alphas;
  const { hiddenStates } = await proxy.perturb(
    plain.hiddenStates,
    plain.validMask,
    signed,
    steps === undefined ? {} : { steps },
  );
  const inputs = Array.from({ length: dimension(plain.hiddenStates, 0) }, (_, b) => b);
  const rows = inputs.flatMap((b) => alphas.map(() => b));
  const validMask = selectRows(plain.validMask, rows);
  if (direction !== 'random') return { hiddenStates, validMask };

  const from = floatData(selectRows(plain.hiddenStates, rows));
  const to = floatData(hiddenStates);
  const moved = Float32Array.from(from);
  const [positions, width] = [dimension(hiddenStates, 1), dimension(hiddenStates, 2)];
  for (const b of inputs) {
    const random = randomOf(b);
    for (let t = 0; t < positions; t++) {
      if (Number(plain.validMask.data[b * positions + t]) === 0) continue;
      const noise = Float64Array.from({ length: width }, () => random.normal());
      const length = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0));
      for (let a = 0; a < alphas.length; a++) {
        const at = ((b * alphas.length + a) * positions + t) * width;
        const scale = distance(from, to, at, width) / length;
        for (let i = 0; i < width; i++)
          moved[at + i] = (from[at + i] ?? 0) + scale * (noise[i] ?? 0);
      }
    }
  }
  return { hiddenStates: floatTensor(moved, hiddenStates.dims), validMask };
}

/**
 * ‖E' − E‖ / ‖E‖ of every moved row, over real positions. Divided by α it is the gate: the share
 * of a full step that the proxy takes for the input.
 */
export function relativeSteps(plain: Encoded, moved: Encoded): readonly number[] {
  const inputs = dimension(plain.hiddenStates, 0);
  const perInput = dimension(moved.hiddenStates, 0) / inputs;
  const [from, to] = [floatData(plain.hiddenStates), floatData(moved.hiddenStates)];
  const [positions, width] = [dimension(plain.hiddenStates, 1), dimension(plain.hiddenStates, 2)];
  return Array.from({ length: inputs * perInput }, (_, row) => {
    const b = Math.floor(row / perInput);
    let [step, size] = [0, 0];
    for (let p = 0; p < positions; p++) {
      if (Number(plain.validMask.data[b * positions + p]) === 0) continue;
      for (let i = 0; i < width; i++) {
        const value = from[(b * positions + p) * width + i] ?? 0;
        step += ((to[(row * positions + p) * width + i] ?? 0) - value) ** 2;
        size += value ** 2;
      }
    }
    return Math.sqrt(step / size);
  });
}

/** What the proxy predicts for each row as it is. */
export async function predict(proxy: PerturbationProxy, rows: Encoded): Promise<Float32Array> {
  return (await proxy.perturb(rows.hiddenStates, rows.validMask, [0])).scores;
}

function distance(a: Float32Array, b: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += ((b[i] ?? 0) - (a[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
