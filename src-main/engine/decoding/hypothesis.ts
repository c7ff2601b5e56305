/** A finished output of the decoder for one row. */
export interface Hypothesis {
  /** Generated ids without the prompt and without the end-of-text token. */
  readonly tokenIds: readonly number[];
  /** Log-probability of each generated token after the logits processors, end-of-text included. */
  readonly tokenLogProbabilities: readonly number[];
  readonly finishReason: 'end-of-text' | 'length';
}

/** Mean of the token log-probabilities; 0 for an empty hypothesis. */
export function averageLogProbability(hypothesis: Hypothesis): number {
  const values = hypothesis.tokenLogProbabilities;
  if (values.length === 0) return 0;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
