/** Greedy search: the most probable token at every step. */

import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis, TokenChoice } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import { fromLogits, type LiveRow, rowSearch } from './row-search.ts';
import type { SearchOptions } from './search-options.ts';

const NO_ROW = { prompt: [], tokenIds: [] };

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export function greedySearch(
  session: DecoderSession,
  options: SearchOptions,
): Promise<readonly Hypothesis[]> {
  const choose = fromLogits(session, options, mostProbableOf);
  return rowSearch(session, options, (tokens, rows) => {
    const forbidden = forbiddenIds(rows, options);
    return forbidden === null || session.mostProbable === undefined
      ? choose(tokens, rows)
      : session.mostProbable(tokens, forbidden);
  });
}

/** What the processors forbid at this step; null where they do more. */
function forbiddenIds(
  rows: readonly LiveRow[],
  { processors }: SearchOptions,
): readonly number[] | null {
  // Rows that go on have generated as many tokens, and what the others are given does not matter.
  const { prompt, tokenIds: generated } = rows.find((row) => row.finishReason === null) ?? NO_ROW;
  const ids: number[] = [];
  for (const processor of processors) {
    const some = processor.forbidden?.({ prompt, generated }) ?? null;
    if (some === null) return null;
    ids.push(...some);
  }
  return ids;
}

/** The first of the largest logits; −∞ for forbidden tokens. */
export function mostProbableOf(logits: Float32Array): TokenChoice {
  const id = argmax(logits);
  return { id, logProbability: -logSumExpAbove(logits, logits[id] ?? 0) };
}

/** Position of the largest value, the first of equals. */
export function argmax(values: Float32Array): number {
  let best = 0;
  let bestValue = values[0] ?? Number.NEGATIVE_INFINITY;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    if (value > bestValue) {
      best = i;
      bestValue = value;
    }
  }
  return best;
}
