/**
 * Sampling: every token is drawn from the distribution that the processors leave. Each row has a
 * random stream of its own, so what it draws does not depend on its neighbours.
 */

import type { DecoderSession } from './decoder-session.ts';
import { argmax } from './greedy.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import { fromLogits, rowSearch } from './row-search.ts';
import type { SearchOptions } from './search-options.ts';

export interface SamplingOptions extends SearchOptions {
  /** Of each row: uniform numbers in [0, 1). One is taken per token. */
  readonly streams: readonly (() => number)[];
  /**
   * Divides the logits for the draw alone: log-probabilities stay those at temperature 1, as
   * Whisper's fallback measures them. Left out: 1.
   */
  readonly drawTemperature?: number;
}

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export function sampleSearch(
  session: DecoderSession,
  options: SamplingOptions,
): Promise<readonly Hypothesis[]> {
  const { streams, drawTemperature = 1 } = options;
  const draw = fromLogits(session, options, (logits, row) => {
    const max = logits[argmax(logits)] as number;
    const id = drawToken(logits, max, streams[row]?.() ?? 0, drawTemperature);
    return { id, logProbability: (logits[id] as number) - max - logSumExpAbove(logits, max) };
  });
  return rowSearch(session, options, draw);
}

/**
 * The token at which the cumulative probability, in the order of the ids, passes `uniform`.
 *
 * @param max the largest of the logits
 * @param temperature divides them
 */
export function drawToken(
  logits: Float32Array,
  max: number,
  uniform: number,
  temperature = 1,
): number {
  const weightOf = (i: number) => Math.exp(((logits[i] as number) - max) / temperature);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += weightOf(i);
  let left = uniform * total;
  let last = 0;
  for (let i = 0; i < logits.length; i++) {
    const weight = weightOf(i);
    if (weight === 0) continue;
    last = i;
    left -= weight;
    if (left < 0) return i;
  }
  // Rounding may leave a rest after the last token.
  return last;
}
