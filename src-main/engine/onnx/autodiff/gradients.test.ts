/**
 * Every operation against central differences of sixth order, in double precision where there is
 * one: rounding and curvature stay far below the bound.
 */

import { describe, expect, test } from 'vitest';
import { normals } from '../../perturbation/test-random.ts';
import { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import { gelu } from './functions/gelu.ts';
import { huber } from './functions/huber.ts';
import { layerNorm } from './functions/layer-norm.ts';
import { linear } from './functions/linear.ts';
import { mean } from './functions/mean.ts';
import { pearson } from './functions/pearson.ts';
import { gradients } from './gradients.ts';
import { add } from './operations/add.ts';
import { clip } from './operations/clip.ts';
import { greater } from './operations/compare.ts';
import { div } from './operations/div.ts';
import { erf } from './operations/erf.ts';
import { exp } from './operations/exp.ts';
import { log } from './operations/log.ts';
import { matMul } from './operations/mat-mul.ts';
import { mul } from './operations/mul.ts';
import { neg } from './operations/neg.ts';
import { expandTo, reduceSum } from './operations/reduce-sum.ts';
import { relu } from './operations/relu.ts';
import { reshape } from './operations/reshape.ts';
import { sigmoid } from './operations/sigmoid.ts';
import { softmax } from './operations/softmax.ts';
import { sqrt } from './operations/sqrt.ts';
import { sub } from './operations/sub.ts';
import { tanh } from './operations/tanh.ts';
import { transpose } from './operations/transpose.ts';
import { where } from './operations/where.ts';
import { type Numbers, RunnableGraph } from './test-graphs.ts';

const BATCH = 3;
/** The named sizes of the inputs below. */
const SIZES: Readonly<Record<string, number>> = { batch: BATCH, positions: 4 };

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly (number | string)[])[];
  readonly make: (g: GraphBuilder, ...inputs: readonly Value[]) => Value;
  /** Moves the random inputs to where the operation is defined. */
  readonly domain?: (x: number) => number;
}

const X: Case['shapes'][number] = ['batch', 'positions', 2];
const positive = (x: number) => Math.abs(x) + 0.3;

type Binary = (g: GraphBuilder, a: Value, b: Value) => Value;
const binary = (name: string, make: Binary, domain?: Case['domain']): readonly Case[] =>
  [[X, X] as const, [X, [2]] as const, [['batch', 1, 2], X] as const].map((shapes) => ({
    name: `${name} of [${shapes[0]}] and [${shapes[1]}]`,
    shapes,
    make: (g, a, b) => make(g, a as Value, b as Value),
    ...(domain && { domain }),
  }));

type Unary = (g: GraphBuilder, x: Value) => Value;
const unary = (name: string, make: Unary, domain?: Case['domain']): Case => ({
  name,
  shapes: [X],
  make: (g, x) => make(g, x as Value),
  ...(domain && { domain }),
});

const CASES: readonly Case[] = [
  ...binary('add', add),
  ...binary('sub', sub),
  ...binary('mul', mul),
  ...binary('div', div, positive),
  unary('neg', neg),
  unary('exp', exp),
  unary('log', log, positive),
  unary('sqrt', sqrt, positive),
  unary('tanh', tanh),
  unary('sigmoid', sigmoid),
  unary('relu', relu),
  unary('clip to an interval', (g, x) => clip(g, x, -0.5, 0.7)),
  unary('clip from below', (g, x) => clip(g, x, 0.1, Number.POSITIVE_INFINITY)),
  unary('softmax', softmax),
  unary('transpose', (g, x) => transpose(g, x, [2, 0, 1])),
  unary('reshape', (g, x) => reshape(g, x, ['batch', 'both'])),
  unary('reduceSum over one axis', (g, x) => reduceSum(g, x, [1])),
  unary('reduceSum over two axes', (g, x) => reduceSum(g, x, [0, -1])),
  unary('mean over known and unknown sizes', (g, x) => mean(g, x, [1, 2])),
  unary('mean over a known size', (g, x) => mean(g, x, [-1])),
  unary('huber', (g, x) => huber(g, mul(g, x, g.real(2)))),
  {
    name: 'expandTo',
    shapes: [['batch', 1, 2], X],
    make: (g, a, b) => mul(g, expandTo(g, a as Value, b as Value), b as Value),
  },
  {
    name: 'where',
    shapes: [X, ['batch', 'positions', 1]],
    make: (g, a, b) =>
      where(g, greater(g, a as Value, g.real(0.1)), mul(g, a as Value, a as Value), b as Value),
  },
  {
    name: 'matMul by a matrix',
    shapes: [X, [2, 5]],
    make: (g, a, b) => matMul(g, a as Value, b as Value),
  },
  {
    name: 'matMul of batches',
    shapes: [['batch', 3, 'positions'], X],
    make: (g, a, b) => matMul(g, a as Value, b as Value),
  },
  {
    name: 'linear',
    shapes: [X, [2, 5], [5]],
    make: (g, x, w, b) => linear(g, x as Value, w as Value, b as Value),
  },
  {
    name: 'layerNorm',
    shapes: [['batch', 5], [5], [5]],
    make: (g, x, w, b) => layerNorm(g, x as Value, w as Value, b as Value),
  },
  {
    name: 'pearson',
    shapes: [['batch'], ['batch']],
    make: (g, a, b) => pearson(g, a as Value, b as Value),
  },
  {
    name: 'a value that is used three times',
    shapes: [X],
    make: (g, x) => add(g, mul(g, x as Value, x as Value), exp(g, x as Value)),
  },
];

describe('the derivative of', () => {
  test.each(CASES)('$name', async (one) => {
    await expectDerivative(one, 'float64', 1e-3, 1e-8);
  });

  // ONNX Runtime has no Erf in double precision.
  test.each([unary('erf', erf), unary('gelu', gelu)])('$name, in single precision', async (one) => {
    await expectDerivative(one, 'float32', 0.1, 3e-4);
  });

  test('a derivative: twice differentiated', async () => {
    const twice: Case = {
      name: 'second derivative',
      shapes: [X],
      make: (g, x) => {
        const inner = mul(g, tanh(g, x as Value), exp(g, x as Value));
        return gradients(g, inner, [x as Value])[0] as Value;
      },
    };
    await expectDerivative(twice, 'float64', 1e-3, 1e-8);
  });
});

const STENCIL = [3 / 4, -3 / 20, 1 / 60];

async function expectDerivative(
  { shapes, make, domain = (x) => x }: Case,
  real: 'float32' | 'float64',
  step: number,
  bound: number,
): Promise<void> {
  const g = new GraphBuilder(real);
  const inputs = shapes.map((shape, i) => g.input(`x${i}`, 'real', shape));
  const y = make(g, ...inputs);
  // Different weights for every element, so that no mistake cancels.
  const weights = g.input('weights', 'real', y.shape);
  const weighted = mul(g, y, weights);
  const total = reduceSum(g, weighted, [...weighted.shape.keys()]);
  const outputs = Object.fromEntries(
    gradients(g, total, inputs).map((gradient, i) => [`d${i}`, gradient]),
  );
  const random = normals(3);
  const numbers = (shape: Case['shapes'][number]) => {
    const dims = shape.map((size) => (typeof size === 'number' ? size : (SIZES[size] ?? 8)));
    const count = dims.reduce((product, size) => product * size, 1);
    return { dims, values: Array.from({ length: count }, () => domain(random())) };
  };
  const at: Numbers = {
    ...Object.fromEntries(shapes.map((shape, i) => [`x${i}`, numbers(shape)])),
    weights: numbers(y.shape),
  };
  await using graph = await RunnableGraph.of(g, { ...outputs, total }, real);
  const actual = await graph.run(at);
  for (const [i] of shapes.entries()) {
    const { values, dims } = at[`x${i}`] ?? { values: [], dims: [] };
    const expected: number[] = [];
    for (const place of values.keys()) {
      let difference = 0;
      for (const [k, weight] of STENCIL.entries()) {
        for (const sign of [1, -1]) {
          const moved = values.with(place, (values[place] ?? 0) + sign * (k + 1) * step);
          const { total: score = [] } = await graph.run({
            ...at,
            [`x${i}`]: { values: moved, dims },
          });
          difference += (sign * weight * (score[0] ?? Number.NaN)) / step;
        }
      }
      expected.push(difference);
    }
    const gradient = actual[`d${i}`] ?? [];
    expect(gradient.length).toBe(expected.length);
    expected.forEach((value, place) => {
      expect(Math.abs((gradient[place] ?? Number.NaN) - value)).toBeLessThan(
        bound * (1 + Math.abs(value)),
      );
    });
  }
}
