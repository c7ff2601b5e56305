/**
 * T5's bias of attention scores by the distance of two positions (Raffel et al. 2020, section 2.1;
 * `T5Attention._relative_position_bucket` of transformers). Near distances have a bucket each, further ones
 * share buckets that grow with the logarithm. From a certain distance on it is one bucket, so a table over
 * distances says all.
 */

import type { GraphBuilder } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';
import {
  clipped,
  difference,
  gathered,
  inFront,
  range,
  reshaped,
  sizes,
  sum,
  transposed,
} from '../../onnx/layers/operators.ts';
import { storedRows } from '../../onnx/layers/stored-values.ts';
import type { Checkpoint } from './checkpoint.ts';

export interface DistanceBias {
  /** Of the weights [buckets, heads]. */
  readonly name: string;
  readonly heads: number;
  readonly buckets: number;
  /** Distance from which on there is one bucket. */
  readonly furthest: number;
  /** An encoder looks both ways, a decoder back only. */
  readonly bothWays: boolean;
}

/**
 * @param ids [B, L]
 * @param past keys [B, H, P, size] of the tokens before; null for an encoder
 * @returns [1, H, L, P + L]
 */
export function distanceScores(
  g: GraphBuilder,
  checkpoint: Checkpoint,
  bias: DistanceBias,
  ids: Value,
  past: Value | null,
): Value {
  const { name, heads, furthest } = bias;
  const weights = checkpoint.matrix([name], bias.buckets, heads);
  const rows = 2 * furthest + 1;
  const table = storedRows(
    g,
    {
      ...weights,
      name: `${name}_by_distance`,
      rows,
      readRows: async (from, to) => {
        const values = await weights.readRows(0, bias.buckets);
        const out = new Float32Array((to - from) * heads);
        for (let row = from; row < to; row++) {
          const start = bucketOf(row - furthest, bias) * heads;
          out.set(values.subarray(start, start + heads), (row - from) * heads);
        }
        return out;
      },
    },
    'float32',
  );
  const length = scalar(g, sizes(g, ids, 1, 2));
  const before = past === null ? null : scalar(g, sizes(g, past, 2, 3));
  const zero = scalar(g, g.int64([0]));
  const end = before === null ? length : sum(g, before, length);
  const keys = range(g, zero, end, 'tokens');
  const queries = range(g, before ?? zero, end, 'length');
  const column = reshaped(g, queries, [-1, 1], ['length', 1]);
  const near = clipped(g, difference(g, keys, column), furthest);
  const scores = gathered(g, table, sum(g, near, g.int64([furthest])), 0);
  const byHead = transposed(g, scores, [2, 0, 1]);
  return inFront(g, byHead);
}

/** int64 [1] → int64 [] */
function scalar(g: GraphBuilder, x: Value): Value {
  return reshaped(g, x, [], []);
}

/** @param distance position looked at, less the position that looks */
function bucketOf(distance: number, { buckets, furthest, bothWays }: DistanceBias): number {
  const own = bothWays ? buckets / 2 : buckets;
  const offset = bothWays && distance > 0 ? own : 0;
  const steps = bothWays ? Math.abs(distance) : Math.max(0, -distance);
  const exact = Math.floor(own / 2);
  if (steps < exact) return offset + steps;
  // In float32, as PyTorch computes it: a whole number must not fall below itself.
  const growth = Math.fround(Math.log(Math.fround(steps / exact)));
  const share = Math.fround(Math.fround(growth / Math.log(furthest / exact)) * (own - exact));
  return offset + Math.min(own - 1, exact + Math.floor(share));
}
