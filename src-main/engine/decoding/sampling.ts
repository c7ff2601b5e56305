/**
 * Sampling: every token is drawn from the distribution that the processors leave. Each row has a
 * random stream of its own, so what it draws does not depend on its neighbours.
 */

import type { DecoderSession } from './decoder-session.ts';
import { argmax } from './greedy.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import { rowSearch } from './row-search.ts';
import type { SearchOptions } from './search-options.ts';

export interface SamplingOptions extends SearchOptions {
  /** Of each row: uniform numbers in [0, 1). One is taken per token. */
  readonly streams: readonly (() => number)[];
}

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export function sampleSearch(
  session: DecoderSession,
  options: SamplingOptions,
): Promise<readonly Hypothesis[]> {
  return rowSearch(session, options, (logits, row) => {
    const max = logits[argmax(logits)] as number;
    const id = drawToken(logits, max, options.streams[row]?.() ?? 0);
    return { id, logProbability: (logits[id] as number) - max - logSumExpAbove(logits, max) };
  });
}

/**
 * The token at which the cumulative probability, in the order of the ids, passes `uniform`.
 *
 * @param max the largest of the logits
 */
export function drawToken(logits: Float32Array, max: number, uniform: number): number {
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - max);
  let left = uniform * total;
  let last = 0;
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp((logits[i] as number) - max);
    if (weight === 0) continue;
    last = i;
    left -= weight;
    if (left < 0) return i;
  }
  // Rounding may leave a rest after the last token.
  return last;
}
