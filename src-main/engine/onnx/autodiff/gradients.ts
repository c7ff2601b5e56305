/**
 * Reverse-mode differentiation of a graph under construction (Griewank and Walther 2008, chapter
 * 3): the gradient is more nodes of the same graph, so it runs wherever the graph runs and can be
 * differentiated again.
 */

import type { GraphBuilder } from '../graph-builder/graph-builder.ts';
import type { Value } from '../graph-builder/value.ts';
import { add } from './operations/add.ts';
import { ones } from './operations/ones.ts';

/**
 * Gradients of the sum of `output` with respect to each of `of`.
 *
 * @param of inputs of the graph, or outputs of its nodes
 * @throws Error where `output` does not depend on one of them through operations that have a
 *   derivative
 */
export function gradients(g: GraphBuilder, output: Value, of: readonly Value[]): readonly Value[] {
  const nodes = [...g.nodes];
  const dependent = new Set(of.map(({ name }) => name));
  for (const { inputs, output: made, derivatives } of nodes) {
    const depends = inputs.some((input, i) => {
      return input !== null && dependent.has(input.name) && derivatives[i] !== null;
    });
    if (depends) dependent.add(made.name);
  }
  const upstream = new Map<string, Value>([[output.name, ones(g, output)]]);
  for (const { inputs, output: made, derivatives } of nodes.reverse()) {
    const gradient = upstream.get(made.name);
    if (gradient === undefined) continue;
    for (const [i, input] of inputs.entries()) {
      const derivative = derivatives[i] ?? null;
      if (input === null || derivative === null || !dependent.has(input.name)) continue;
      const part = derivative(gradient);
      const sum = upstream.get(input.name);
      upstream.set(input.name, sum === undefined ? part : add(g, sum, part));
    }
  }
  return of.map(({ name }) => {
    const gradient = upstream.get(name);
    if (gradient === undefined) throw new Error(`${output.name} does not depend on ${name}.`);
    return gradient;
  });
}
