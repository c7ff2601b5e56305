/**
 * Choosing one of several α for an input by real evidence: how probable the frozen decoder finds each
 * output given the **plain** encoder output. The proxy has no say: its score rises along its own
 * gradient whether or not the text improves (docs/perturbation.md).
 */

import { averageLogProbability, type RowOutput } from '../decoding/hypothesis.ts';
import type { Encoded, Model } from '../models/model.ts';
import { selectEncoded } from '../models/select-encoded.ts';

/** Differences below are rounding. */
const TIE = 1e-6;

/**
 * @param plain encoder outputs, one row per input
 * @param columns outputs [alphas][inputs]
 * @returns mean natural log-probability of each output under the plain encoder output, like `columns`
 * @throws VeerError CANCELLED
 */
export async function plainLogProbabilities<Input>(
  plain: Encoded,
  columns: readonly (readonly RowOutput[])[],
  { model, signal }: { readonly model: Pick<Model<Input>, 'decode'>; readonly signal: AbortSignal },
): Promise<readonly (readonly number[])[]> {
  // Most α of an input give the same output.
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

/**
 * @param alphas at least one
 * @param evidence of each α
 * @returns the α with the most evidence; of equals the smallest step
 */
export function bestAlpha(alphas: readonly number[], evidence: readonly number[]): number {
  const most = Math.max(...evidence.filter((value) => !Number.isNaN(value)));
  const best = alphas.filter((_, a) => (evidence[a] ?? Number.NaN) >= most - TIE);
  return best.toSorted((a, b) => Math.abs(a) - Math.abs(b) || b - a)[0] ?? 0;
}

function keyOf({ tokenIds, finishReason }: RowOutput, row: number): string {
  return `${row} ${finishReason} ${tokenIds.join(' ')}`;
}

function meanOf(output: RowOutput | undefined): number {
  return output === undefined ? Number.NaN : averageLogProbability(output);
}
