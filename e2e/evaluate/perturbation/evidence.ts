/**
 * A rule for choosing among candidates that needs the frozen decoder once more: how probable it finds
 * each output given the **plain** encoder output. A baseline for the product's rule.
 */

import {
  averageLogProbability,
  type RowOutput,
} from '../../../src-main/engine/decoding/hypothesis.ts';
import type { Encoded, Model } from '../../../src-main/engine/models/model.ts';
import { selectEncoded } from '../../../src-main/engine/models/select-encoded.ts';

/** Differences below are rounding. */
const TIE = 1e-6;

/**
 * @param plain encoder outputs, one row per input
 * @param columns outputs [candidates][inputs]
 * @returns mean natural log-probability of each output under the plain encoder output, like `columns`
 * @throws VeerError CANCELLED
 */
export async function plainLogProbabilities<Input>(
  plain: Encoded,
  columns: readonly (readonly RowOutput[])[],
  { model, signal }: { readonly model: Pick<Model<Input>, 'decode'>; readonly signal: AbortSignal },
): Promise<readonly (readonly number[])[]> {
  // Many candidates of an input are the same output.
  const distinct = new Map(
    columns.flatMap((column) =>
      column.map((output, row) => [keyOf(output, row), { output, row }] as const),
    ),
  );
  const rows = [...distinct.values()].map(({ row }) => row);
  const given = [...distinct.values()].map(({ output }) => output);
  const judged = await model.decode(selectEncoded(plain, rows), {
    signal,
    onStep: undefined,
    given,
  });
  const means = new Map([...distinct.keys()].map((key, i) => [key, meanOf(judged[i])]));
  return columns.map((column) =>
    column.map((output, row) => means.get(keyOf(output, row)) ?? Number.NaN),
  );
}

/** Place of the most evidence, the first of equals. */
export function mostEvidence(evidence: readonly number[]): number {
  const most = Math.max(...evidence.filter((value) => !Number.isNaN(value)));
  return Math.max(
    0,
    evidence.findIndex((value) => value >= most - TIE),
  );
}

function keyOf({ tokenIds, finishReason }: RowOutput, row: number): string {
  return `${row} ${finishReason} ${tokenIds.join(' ')}`;
}

function meanOf(output: RowOutput | undefined): number {
  return output === undefined ? Number.NaN : averageLogProbability(output);
}
