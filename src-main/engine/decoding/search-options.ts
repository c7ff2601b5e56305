/** What every search is given. */

import type { LogitsProcessor } from './logits-processors.ts';

export interface SearchOptions {
  /** Decoder prompt of each row, all of one length. */
  readonly prompts: readonly (readonly number[])[];
  readonly processors: readonly LogitsProcessor[];
  readonly endOfTextIds: readonly number[];
  /** Tokens a row may generate, end-of-text included. At least 1. */
  readonly maxNewTokens: number;
  readonly signal: AbortSignal;
  /** Called after every step with the tokens of all rows so far; they must not be changed. */
  readonly onStep: ((tokens: readonly (readonly number[])[]) => void) | undefined;
}
