/**
 * Gradients of whole proxy graphs against finite differences of their own float32 scores. With
 * steps in proportion to ‖E‖ and a stencil without errors below the sixth order, rounding and
 * curvature both stay far enough below the bound.
 */

import { describe, expect, test } from 'vitest';
import { dimension, floatData, floatTensor, type Tensor } from '../onnx/tensor.ts';
import { type EncoderOutputs, lengthsOf } from './test-encoder-outputs.ts';
import { gradientSession } from './test-gradient-graph.ts';
import { PROXY_CASES } from './test-proxies.ts';
import { normals } from './test-random.ts';
import { dot, norm, valuesOf } from './test-steps.ts';

const DIRECTIONS = 32;
/** Of ‖E‖; the stencil reaches three times as far. */
const STEP = 0.03;
/** Central difference of sixth order: weights of f(x + kh) − f(x − kh), divided by h. */
const STENCIL = [3 / 4, -3 / 20, 1 / 60];

describe.each(PROXY_CASES)('the gradient in $name', ({ graph, encode }) => {
  test('agrees with finite differences of the score along random directions', async () => {
    const encoded = await encode();
    const { mask } = encoded;
    const rows = dimension(encoded.hiddenStates, 0);
    const { session, gradient } = await gradientSession(graph());
    const run = async <Name extends string>(hiddenStates: Tensor, name: Name) => {
      const alpha = floatTensor(Float32Array.of(0), [1]);
      const feeds = { encoder_hidden_states: hiddenStates, attention_mask: mask, alpha };
      return (await session.run(feeds, [name]))[name] as Tensor;
    };
    const g = rowsOf({ hiddenStates: await run(encoded.hiddenStates, gradient), mask });
    const norms = floatData(await run(encoded.hiddenStates, 'gradient_norm'));
    g.forEach((row, b) => {
      expect(norm(row)).toBeGreaterThan(0);
      expect(Math.abs((norms[b] ?? 0) / norm(row) - 1)).toBeLessThan(1e-5);
    });

    const states = rowsOf(encoded);
    const random = normals(7);
    for (let k = 0; k < DIRECTIONS; k++) {
      const v = states.map((row) => unit(row.map(() => random())));
      const differences = new Float64Array(rows);
      for (const [i, weight] of STENCIL.entries()) {
        const distances = states.map((row) => STEP * (i + 1) * norm(row));
        const [up, down] = [1, -1].map((sign) => moved(encoded, v, distances, sign));
        if (up === undefined || down === undefined) throw new Error('unreachable');
        const above = floatData(await run(up, 'score'));
        const below = floatData(await run(down, 'score'));
        for (let b = 0; b < rows; b++) {
          const h = STEP * norm(states[b] ?? new Float64Array());
          differences[b] =
            (differences[b] ?? 0) + (weight * ((above[b] ?? 0) - (below[b] ?? 0))) / h;
        }
      }
      g.forEach((row, b) => {
        const along = dot(row, v[b] ?? row);
        const difference = differences[b] ?? Number.NaN;
        const scale = Math.max(Math.abs(along), Math.abs(difference), 1e-2 * norm(row));
        expect(Math.abs(along - difference) / scale).toBeLessThanOrEqual(1e-3);
      });
    }
    await session.release();
  });

  test('is zero at padding', async () => {
    const { hiddenStates, mask } = await encode();
    const { session, gradient } = await gradientSession(graph());
    const alpha = floatTensor(Float32Array.of(0), [1]);
    const feeds = { encoder_hidden_states: hiddenStates, attention_mask: mask, alpha };
    const g = (await session.run(feeds, [gradient]))[gradient] as Tensor;
    const [length, width] = [dimension(g, 1), dimension(g, 2)];
    lengthsOf(mask).forEach((valid, b) => {
      const padding = floatData(g).subarray((b * length + valid) * width, (b + 1) * length * width);
      expect(padding.every((value) => value === 0)).toBe(true);
    });
    await session.release();
  });
});

function rowsOf(encoded: EncoderOutputs): readonly Float64Array[] {
  return lengthsOf(encoded.mask).map((_, b) => valuesOf(encoded, b));
}

function unit(values: Float64Array): Float64Array {
  const size = norm(values);
  return values.map((value) => value / size);
}

/** E with every row moved along its direction; padding stays. */
function moved(
  { hiddenStates }: EncoderOutputs,
  directions: readonly Float64Array[],
  distances: readonly number[],
  sign: number,
): Tensor {
  const data = Float32Array.from(floatData(hiddenStates));
  const size = dimension(hiddenStates, 1) * dimension(hiddenStates, 2);
  directions.forEach((direction, b) => {
    direction.forEach((value, i) => {
      const at = b * size + i;
      data[at] = (data[at] ?? 0) + sign * (distances[b] ?? 0) * value;
    });
  });
  return floatTensor(data, hiddenStates.dims);
}
