/** How probable one token is in a distribution. */

import { argmax } from './greedy.ts';
import { logSumExpAbove } from './log-sum-exp.ts';

/** Natural log-probability of token `id` under logits [vocabulary]; NaN where there is no such token. */
export function tokenLogProbability(logits: Float32Array, id: number): number {
  const max = logits[argmax(logits)] ?? 0;
  return (logits[id] ?? Number.NaN) - max - logSumExpAbove(logits, max);
}
