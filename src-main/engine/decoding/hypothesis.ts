import type { OutputDetails } from '../../contract/result.ts';

/** A token that a search has chosen for a row. */
export interface TokenChoice {
  readonly id: number;
  /** Natural logarithm, in the distribution that it was chosen from. */
  readonly logProbability: number;
}

/** A finished output of the decoder for one row. */
export interface Hypothesis {
  /** Generated ids without the prompt and without the end-of-text token. */
  readonly tokenIds: readonly number[];
  /**
   * Natural log-probability of each generated token, end-of-text included, after the logits
   * processors. Greedy search and sampling: of the distribution that the token was chosen from.
   * Beam search: the processed log-softmax, whose sum it ranks by, not normalised again. These are
   * the numbers of Hugging Face's `compute_transition_scores` (docs/decoding.md).
   */
  readonly tokenLogProbabilities: readonly number[];
  readonly finishReason: 'end-of-text' | 'length';
}

/** Mean of the token log-probabilities; 0 for an empty hypothesis. */
export function averageLogProbability(hypothesis: Hypothesis): number {
  const values = hypothesis.tokenLogProbabilities;
  if (values.length === 0) return 0;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The best hypothesis of one row, and the next best where more than one was asked for. */
export interface RowOutput extends Hypothesis {
  readonly alternatives?: readonly Hypothesis[];
  /** What the family of the model knows beyond the tokens, where it was asked for. */
  readonly details?: OutputDetails;
}
