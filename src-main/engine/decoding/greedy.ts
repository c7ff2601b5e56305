/** Greedy search: the most probable token at every step. */

import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import { rowSearch } from './row-search.ts';
import type { SearchOptions } from './search-options.ts';

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export function greedySearch(
  session: DecoderSession,
  options: SearchOptions,
): Promise<readonly Hypothesis[]> {
  return rowSearch(session, options, (logits) => {
    const id = argmax(logits);
    return { id, logProbability: -logSumExpAbove(logits, logits[id] ?? 0) };
  });
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
