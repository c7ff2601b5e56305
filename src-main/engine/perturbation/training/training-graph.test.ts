import { describe, expect, test } from 'vitest';
import { Graph } from '../../onnx/graph.ts';
import { floatData, floatTensor } from '../../onnx/tensor.ts';
import { normals } from '../test-random.ts';
import { adamWStep, newAdamWState } from './adamw.ts';
import { partOf, weightCount, weightsOf } from './proxy-weights.ts';
import { flatWeights, problemOf, REFERENCE } from './test-training-reference.ts';
import { dropoutName, gradientName, trainingGraph } from './training-graph.ts';
import { weightFeeds } from './training-step.ts';

const CASES = REFERENCE.fits.map((fit) => ({ fit, name: JSON.stringify(fit.shape) }));
const STENCIL = [3 / 4, -3 / 20, 1 / 60];

describe.each(CASES)('training a proxy with $name', ({ fit }) => {
  const { weights, standardisation, feeds } = problemOf(fit);
  const gradientNames = weights.map(({ name }) => gradientName(name));

  test('goes the way of PyTorch for twenty steps', async () => {
    const options = { shape: fit.shape, standardisation, dropout: false, noise: false };
    const graph = await Graph.load(trainingGraph(options), 'cpu', 1);
    const flat = flatWeights(fit, fit.start);
    const state = newAdamWState(flat.length);
    const gradient = new Float32Array(flat.length);
    for (const expected of fit.losses) {
      const outputs = await graph.run({ ...feeds, ...weightFeeds(weights, flat) }, [
        'loss',
        ...gradientNames,
      ]);
      for (const weight of weights) {
        const part = outputs[gradientName(weight.name)];
        if (part !== undefined) partOf(gradient, weight).set(floatData(part));
      }
      adamWStep(flat, gradient, state, fit.rate, fit);
      const loss = outputs['loss'] === undefined ? [] : floatData(outputs['loss']);
      expect(Math.abs((loss[0] ?? Number.NaN) - expected)).toBeLessThan(1e-3);
    }
    await graph.dispose();
    flatWeights(fit, fit.end).forEach((value, i) => {
      expect(Math.abs((flat[i] ?? Number.NaN) - value)).toBeLessThan(1e-3);
    });
  });

  test('has the gradient of its loss, with dropout and noise, along 32 directions', async () => {
    const random = normals(11);
    const options = { shape: fit.shape, standardisation, dropout: true, noise: true };
    const graph = await Graph.load(trainingGraph(options), 'cpu', 1);
    const [batch] = fit.size;
    const dropout = fit.shape.hidden.map((size, i) => {
      const factors = Float32Array.from({ length: batch * size }, () => (random() < 0.8 ? 1.2 : 0));
      return [dropoutName(i), floatTensor(factors, [batch, size])] as const;
    });
    const states = feeds.encoder_hidden_states;
    const noise = floatTensor(
      floatData(states).map(() => 0.3 * random()),
      states.dims,
    );
    const fixed = { ...feeds, noise, ...Object.fromEntries(dropout) };
    const flat = flatWeights(fit, fit.start);
    const outputs = await graph.run({ ...fixed, ...weightFeeds(weights, flat) }, gradientNames);
    const gradient = new Float32Array(weightCount(weightsOf(fit.shape, fit.size[2])));
    for (const weight of weights) {
      const part = outputs[gradientName(weight.name)];
      if (part !== undefined) partOf(gradient, weight).set(floatData(part));
    }
    const size = Math.hypot(...gradient);
    expect(size).toBeGreaterThan(0);
    const step = 0.02;
    for (let k = 0; k < 32; k++) {
      const raw = Float64Array.from(flat, () => random());
      const direction = raw.map((value) => value / Math.hypot(...raw));
      let difference = 0;
      for (const [i, weight] of STENCIL.entries()) {
        for (const sign of [1, -1]) {
          const distance = sign * (i + 1) * step;
          const moved = flat.map((value, at) => value + distance * (direction[at] ?? 0));
          const { loss } = await graph.run({ ...fixed, ...weightFeeds(weights, moved) }, ['loss']);
          difference += (sign * weight * (floatData(loss)[0] ?? Number.NaN)) / step;
        }
      }
      const along = gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? 0), 0);
      const scale = Math.max(Math.abs(along), Math.abs(difference), 1e-2 * size);
      expect(Math.abs(along - difference) / scale).toBeLessThanOrEqual(1e-3);
    }
    await graph.dispose();
  });
});
