/** The graph that is run once for an encoder output: keys and values that the decoder's cross-attention reads. */

import { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import { crossCaches, type Stack } from './bart-layers.ts';
import { BatchShape } from './batch-shape.ts';
import { cacheOutputs } from './decoder-ports.ts';
import { type GraphSet, graphSet } from './graph-files.ts';
import type { Plan } from './plan.ts';

/** @param decoder the decoder's layers in the graph */
export function crossGraph({ names }: Plan, decoder: (g: GraphBuilder) => Stack): GraphSet {
  const g = new GraphBuilder();
  const stack = decoder(g);
  const encoded = g.input('encoder_hidden_states', 'real', ['batch', 'positions', stack.size]);
  const shape = new BatchShape(g, encoded);
  const caches = crossCaches(stack, shape.inRows(encoded), shape);
  return graphSet(g, { [names.cross]: cacheOutputs('encoder', caches) });
}
