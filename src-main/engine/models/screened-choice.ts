/**
 * The most probable token from the outputs of a screened vocabulary
 * (`onnx/editing/screened-vocabulary.ts`), or the news that they do not tell.
 *
 * A rough logit is ŵ·ĥ for the true w·h, with weights and activations rounded to 8 bits. Its error is at
 * most ‖w − ŵ‖‖h‖ + ‖ŵ‖‖h − ĥ‖ (Cauchy–Schwarz), and ‖h − ĥ‖ at most half a step of every
 * activation, taken together. Steps are those of the largest activation of all: most kernels give every
 * block steps of its own, which are smaller, but not all must. A token that is no candidate has a rough logit of at most the lowest
 * candidate's: with the error added, its true logit stays below the best candidate's, or all logits are
 * needed.
 */

import type { TokenChoice } from '../decoding/hypothesis.ts';
import type { Screen } from '../onnx/editing/screened-vocabulary.ts';

export interface ScreenedRow {
  readonly candidates: BigInt64Array;
  /** Logits of the candidates in 8 bits, the largest first; −∞ where they are forbidden. */
  readonly rough: Float32Array;
  /** The same in float32. */
  readonly exact: Float32Array;
  /** log Σ exp over all rough logits. */
  readonly logSum: number;
  readonly hidden: Float32Array;
}

/** The largest value that 8 bits hold is 127 steps: the share of it that rounding takes at most. */
const HALF_STEP = 0.5 / 127;
/** For what float32 rounds in sums. */
const SLACK = 1.05;
/** Logits as near as this may change places where they are summed in another order. */
const NEARLY_EQUAL = 1e-4;

/** Null where the best token is not certain. */
export function screenedChoice(row: ScreenedRow, screen: Screen): TokenChoice | null {
  const { candidates, rough, exact, logSum } = row;
  const reach = errorBound(row.hidden, screen);
  let best = -1;
  let value = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  let change = 0;
  for (let i = 0; i < candidates.length; i++) {
    const [about, truth] = [rough[i] as number, exact[i] as number];
    if (about === Number.NEGATIVE_INFINITY) break;
    // What the bound rests on does not hold here: a device that computes in another way.
    if (!(Math.abs(about - truth) <= reach)) return null;
    change += Math.exp(truth - logSum) - Math.exp(about - logSum);
    if (truth > value) {
      second = value;
      value = truth;
      best = i;
    } else if (truth > second) {
      second = truth;
    }
  }
  if (best === -1 || value - second < NEARLY_EQUAL) return null;
  const others = (rough.at(-1) ?? 0) + reach;
  if (!(value > others)) return null;
  // The candidates, which have nearly all of the probability, count with their true logits.
  const logProbability = value - logSum - Math.log1p(change);
  return { id: Number(candidates[best]), logProbability };
}

/** Of a rough logit. */
function errorBound(hidden: Float32Array, { largestError, largestRow }: Screen): number {
  let squares = 0;
  let largest = 0;
  for (const value of hidden) {
    squares += value * value;
    largest = Math.max(largest, Math.abs(value));
  }
  const rounding = Math.sqrt(hidden.length) * largest * HALF_STEP;
  return SLACK * (largestError * Math.sqrt(squares) + largestRow * rounding);
}
