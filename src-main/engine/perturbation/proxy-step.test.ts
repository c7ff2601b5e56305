import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dimension, floatData, selectRows } from '../onnx/tensor.ts';
import type { PerturbationProxy } from './proxy.ts';
import { type EncoderOutputs, lengthsOf } from './test-encoder-outputs.ts';
import { withConstantScore } from './test-gradient-graph.ts';
import { PROXY_CASES } from './test-proxies.ts';
import {
  bytesOf,
  gateOf,
  norm,
  relative,
  relativeDistance,
  stepOf,
  valuesOf,
} from './test-steps.ts';
import {
  loadTiny,
  ProxyFolder,
  TINY_ALPHAS,
  TINY_PROXIES,
  tinyGraph,
  tinyOutputs,
} from './test-tiny-proxies.ts';

/** Width of the last hidden layer of the tiny proxies. */
const TINY_LAST_LAYER = 8;

describe.each(PROXY_CASES)('the step of $name', ({ load, encode }) => {
  let proxy: PerturbationProxy;
  let encoded: EncoderOutputs;
  let lengths: readonly number[];
  let gates: readonly number[];
  /** Rows that are stepped at all. */
  let gated: readonly number[];
  let width = 0;
  beforeAll(async () => {
    proxy = await load();
    encoded = await encode();
    lengths = lengthsOf(encoded.mask);
    width = dimension(encoded.hiddenStates, 2);
    const { scores } = await perturb([0]);
    gates = [...scores].map((score) => gateOf(proxy, score));
    gated = [...gates.keys()].filter((b) => gates[b] !== 0);
  });
  afterAll(() => proxy.dispose());
  const perturb = (alphas: readonly number[]) =>
    proxy.perturb(encoded.hiddenStates, encoded.mask, alphas);

  test('makes steps of the length that its normalisation promises', async () => {
    const alphas = [0.05, 0.3, -0.3, 2];
    const perturbed = await perturb(alphas);
    expect(gated.length).toBeGreaterThanOrEqual(2);
    for (const b of gated) {
      const length = lengths[b] ?? 0;
      const size = norm(valuesOf(encoded, b));
      alphas.forEach((alpha, a) => {
        const step = stepOf(encoded, perturbed, b, a);
        const expected = Math.abs(alpha) * (gates[b] ?? 0);
        switch (proxy.manifest.normalisation) {
          case 'raw':
            expect(relative(norm(step), expected * (perturbed.gradientNorms[b] ?? 0))).toBeLessThan(
              1e-4,
            );
            break;
          case 'relative':
            expect(relative(norm(step), expected * size)).toBeLessThan(1e-5);
            break;
          case 'token':
            for (let t = 0; t < length; t++) {
              const moved = norm(step.subarray(t * width, (t + 1) * width));
              expect(relative(moved, (expected * size) / Math.sqrt(length))).toBeLessThan(1e-4);
            }
        }
      });
    }
  });

  test('several small steps are steps made one after the other', async () => {
    const { hiddenStates, mask } = encoded;
    const together = await proxy.perturb(hiddenStates, mask, [0, 0.4, -0.2], { steps: 2 });
    for (const [a, alpha] of [0, 0.4, -0.2].entries()) {
      const first = await proxy.perturb(hiddenStates, mask, [alpha / 2], { steps: 1 });
      const second = await proxy.perturb(first.hiddenStates, mask, [alpha / 2], { steps: 1 });
      const rows = lengths.map((_, b) => b * 3 + a);
      const found = floatData(selectRows(together.hiddenStates, rows));
      const expected = floatData(second.hiddenStates);
      expect(found.length).toBe(expected.length);
      const worst = found.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? 0))),
        0,
      );
      expect(worst).toBeLessThan(1e-4);
    }
    const scores = await perturb([0]);
    expect(together.scores).toEqual(scores.scores);
  });

  test('leaves a row alone that is predicted to need nothing', async () => {
    const { hiddenStates } = await perturb([0.5]);
    const positions = dimension(hiddenStates, 1);
    for (const b of gates.keys()) {
      const plain = bytesOf(encoded.hiddenStates, b, 0, positions);
      expect(bytesOf(hiddenStates, b, 0, positions).equals(plain)).toBe(gates[b] === 0);
    }
  });

  test('steps back by as much for −α, and twice as far for twice the α', async () => {
    const perturbed = await perturb([0.5, -0.5, 1]);
    for (const b of gated) {
      const [there = new Float64Array(), back = there, twice = there] = [0, 1, 2].map((a) =>
        stepOf(encoded, perturbed, b, a),
      );
      const times = (factor: number) => there.map((value) => factor * value);
      // Rounding of E' = E + step, relative to the step.
      const rounding = 1e-6 + (3e-7 * norm(valuesOf(encoded, b))) / norm(there);
      expect(relativeDistance(back, times(-1))).toBeLessThan(rounding);
      expect(relativeDistance(twice, times(2))).toBeLessThan(rounding);
    }
  });

  test('moves its own prediction the good way with a small α, the bad way with −α', async () => {
    const good = proxy.manifest.direction === 'lower-is-better' ? -1 : 1;
    const alphas = proxy.manifest.normalisation === 'raw' ? [1e-3, -1e-3] : [0.02, -0.02];
    const { hiddenStates, scores } = await perturb(alphas);
    const rows = lengths.flatMap((_, b) => [b, b]);
    const again = await proxy.perturb(hiddenStates, selectRows(encoded.mask, rows), [0]);
    for (const b of gated) {
      const [there = 0, back = 0] = again.scores.slice(2 * b);
      expect(good * (there - (scores[b] ?? 0))).toBeGreaterThan(0);
      expect(good * (back - (scores[b] ?? 0))).toBeLessThan(0);
    }
  });
});

describe.each(TINY_PROXIES)('the step options of $file', (tiny) => {
  test('give what automatic differentiation in double precision gives', async () => {
    const proxy = await loadTiny(tiny);
    const { hiddenStates, mask } = tinyOutputs();
    const perturbed = await proxy.perturb(hiddenStates, mask, TINY_ALPHAS);
    await proxy.dispose();
    expectClose(floatData(perturbed.hiddenStates), tiny.perturbed_hidden_states.flat(2));
    expectClose(perturbed.scores, tiny.score);
    expectClose(perturbed.gradientNorms, tiny.gradient_norm);
  });

  test('change no byte where the gradient is zero', async () => {
    using folder = new ProxyFolder(tiny, withConstantScore(tinyGraph(tiny), TINY_LAST_LAYER));
    const proxy = await folder.load();
    const { hiddenStates, mask } = tinyOutputs();
    const perturbed = await proxy.perturb(hiddenStates, mask, [0.3, -1e6]);
    await proxy.dispose();
    expect([...perturbed.gradientNorms]).toEqual([0, 0]);
    [0, 1, 2, 3].forEach((row) => {
      const plain = bytesOf(hiddenStates, Math.floor(row / 2), 0, 7);
      expect(bytesOf(perturbed.hiddenStates, row, 0, 7).equals(plain)).toBe(true);
    });
  });
});

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(
    ...expected.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value)),
  );
  expect(worst / largest).toBeLessThanOrEqual(1e-6);
}
