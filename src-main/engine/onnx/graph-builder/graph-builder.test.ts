import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add } from '../autodiff/operations/add.ts';
import { matMul } from '../autodiff/operations/mat-mul.ts';
import { mul } from '../autodiff/operations/mul.ts';
import { reduceSum } from '../autodiff/operations/reduce-sum.ts';
import { reshape } from '../autodiff/operations/reshape.ts';
import { sub } from '../autodiff/operations/sub.ts';
import { tanh } from '../autodiff/operations/tanh.ts';
import { transposeMatrix } from '../autodiff/operations/transpose.ts';
import { createSession } from '../create-session.ts';
import { floatTensor } from '../tensor.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Value } from './value.ts';

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

describe('a graph as ONNX Runtime reads it', () => {
  test('has the very bytes of its constants, whatever their number', async () => {
    const lists = fc.array(finite, { minLength: 1, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(lists, async (values) => {
        const g = new GraphBuilder();
        const bytes = g.build({ out: g.real(values, [values.length]) });
        const session = await createSession(bytes, 'cpu', 1);
        const { out } = await session.run({});
        await session.release();
        expect(out?.data).toEqual(Float32Array.from(values));
      }),
      { numRuns: 30 },
    );
  });

  test('loads and gives outputs of the shapes that were followed, for chains of any operations', async () => {
    const steps: readonly ((g: GraphBuilder, x: Value, y: Value) => Value)[] = [
      add,
      sub,
      mul,
      (g, x) => tanh(g, x),
      (g, x) => add(g, x, g.real([1, -2, 3], [3])),
      (g, x, y) => matMul(g, matMul(g, x, transposeMatrix(g, y)), y),
      (g, x) => reshape(g, reshape(g, x, ['rows', 1, 3]), ['rows', 3]),
      (g, x) => mul(g, x, reduceSum(g, x, [0])),
    ];
    const chains = fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chains, fc.integer({ min: 1, max: 5 }), async (chain, rows) => {
        const g = new GraphBuilder();
        const x = g.input('x', 'real', ['rows', 3]);
        const y = chain.reduce((value, step) => steps[step]?.(g, value, x) ?? value, x);
        const session = await createSession(g.build({ y, again: y, x2: x }), 'cpu', 1);
        expect(session.inputNames).toEqual(['x']);
        expect(session.outputNames).toEqual(['y', 'again', 'x2']);
        const data = Float32Array.from({ length: rows * 3 }, (_, i) => Math.sin(i));
        const results = await session.run({ x: floatTensor(data, [rows, 3]) });
        await session.release();
        expect(results['y']?.dims).toEqual([rows, 3]);
        expect(results['x2']?.data).toEqual(data);
        expect(results['again']?.data).toEqual(results['y']?.data);
      }),
      { numRuns: 30 },
    );
  });

  test('leaves out what its outputs do not need', () => {
    const size = (unused: boolean) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'real', [2]);
      const y = add(g, x, g.real(1));
      if (unused) add(g, y, g.real(new Float32Array(1000), [500, 2]));
      return g.build({ y }).length;
    };
    expect(size(true)).toBe(size(false));
  });
});

describe('a graph that cannot be', () => {
  const g = new GraphBuilder();
  const [a, b] = [g.input('a', 'real', ['n', 2]), g.input('b', 'real', [3])];

  test.each([
    ['shapes that do not broadcast', () => add(g, a, b), /do not broadcast/],
    ['matrices that do not fit', () => matMul(g, a, a), /cannot be multiplied/],
    ['an axis that is not there', () => reduceSum(g, a, [2]), /no axis 2/],
    ['a shape that ONNX cannot say', () => reshape(g, a, ['p', 'q']), /cannot be reshaped/],
  ])('is refused for %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
