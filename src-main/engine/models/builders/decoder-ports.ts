/**
 * Names and shapes of what goes into the graphs of a decoder and comes out of them: those of Hugging Face's
 * exports, with the cross-attention in a graph of its own.
 */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import { sizes, slice, sum } from '../../onnx/layers/operators.ts';

export interface CacheSizes {
  readonly layers: number;
  readonly heads: number;
  /** Of one head. */
  readonly headSize: number;
}

type Pair = readonly [keys: Value, values: Value];

/** Inputs of a step: tokens, and the caches of both kinds of attention, one pair for each layer. */
export function stepInputs(
  g: GraphBuilder,
  { layers, heads, headSize }: CacheSizes,
): { readonly ids: Value; readonly past: readonly Pair[]; readonly cross: readonly Pair[] } {
  const ids = g.input('input_ids', 'int64', ['batch', 'length']);
  const pair = (layer: number, kind: 'decoder' | 'encoder', length: string): Pair => {
    const port = (name: string) =>
      g.input(`past_key_values.${layer}.${kind}.${name}`, 'real', [
        'batch',
        heads,
        length,
        headSize,
      ]);
    return [port('key'), port('value')];
  };
  const each = Array.from({ length: layers }, (_, layer) => layer);
  return {
    ids,
    past: each.map((layer) => pair(layer, 'decoder', 'past')),
    cross: each.map((layer) => pair(layer, 'encoder', 'positions')),
  };
}

/** Outputs by name: caches of one kind. */
export function cacheOutputs(
  kind: 'decoder' | 'encoder',
  caches: readonly { readonly keys: Value; readonly values: Value }[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    caches.flatMap(({ keys, values }, layer) => [
      [`present.${layer}.${kind}.key`, keys],
      [`present.${layer}.${kind}.value`, values],
    ]),
  );
}

/** Outputs by name: where each token looks, [B, H, L, T] of every layer. */
export function alignmentOutputs(weights: readonly Value[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(weights.map((value, layer) => [`cross_attentions.${layer}`, value]));
}

/**
 * Rows of a table of positions, for L tokens that follow P others.
 *
 * @param past caches of a decoder, which say P; null: the tokens are the first
 */
export function positionsAfter(
  g: GraphBuilder,
  table: Value,
  ids: Value,
  past: readonly Pair[] | null,
): Value {
  const length = sizes(g, ids, 1, 2);
  const keys = past?.[0]?.[0];
  const from = keys === undefined ? g.int64([0]) : sizes(g, keys, 2, 3);
  return slice(
    g,
    table,
    from,
    keys === undefined ? length : sum(g, from, length),
    ids.shape[1] ?? 'length',
  );
}
