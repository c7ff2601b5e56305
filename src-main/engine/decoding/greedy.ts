/**
 * Greedy search over a batch of rows. Every row is decoded as if it were alone: rows share the
 * native call, never a decision. A row that has ended is dropped from the batch once half of the
 * batch has ended, since dropping copies the caches of the others.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import type { LogitsProcessor } from './logits-processors.ts';

export interface GreedyOptions {
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

interface Row {
  readonly position: number;
  readonly tokenIds: number[];
  readonly logProbabilities: number[];
  finishReason: Hypothesis['finishReason'] | null;
}

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export async function greedySearch(
  session: DecoderSession,
  options: GreedyOptions,
): Promise<readonly Hypothesis[]> {
  const { prompts, signal } = options;
  const rows = prompts.map((_, position): Row => {
    return { position, tokenIds: [], logProbabilities: [], finishReason: null };
  });
  const texts = rows.map((row) => row.tokenIds);
  let live = rows;
  let tokens = prompts;
  for (let step = 0; step < options.maxNewTokens && live.length > 0; step++) {
    throwIfCancelled(signal);
    const logits = await session.step(tokens);
    const vocabulary = logits.length / live.length;
    const next = live.map((row, r) => {
      const rowLogits = logits.subarray(r * vocabulary, (r + 1) * vocabulary);
      return row.finishReason === null ? chooseToken(row, rowLogits, options) : [0];
    });
    options.onStep?.(texts);
    tokens = next;
    const unfinished = live.flatMap((row, r) => (row.finishReason === null ? [r] : []));
    if (unfinished.length === 0) break;
    if (unfinished.length <= live.length / 2) {
      session.keepRows(unfinished);
      tokens = unfinished.map((r) => next[r] ?? []);
      live = unfinished.flatMap((r) => live[r] ?? []);
    }
  }
  throwIfCancelled(signal);
  return rows.map((row) => ({
    tokenIds: row.tokenIds,
    tokenLogProbabilities: row.logProbabilities,
    finishReason: row.finishReason ?? 'length',
  }));
}

/** Appends the best token to the row and returns it as the row's next input. */
function chooseToken(row: Row, logits: Float32Array, options: GreedyOptions): readonly number[] {
  const context = { generated: row.tokenIds };
  for (const processor of options.processors) processor.process(logits, context);
  const best = argmax(logits);
  row.logProbabilities.push(-logSumExpAbove(logits, logits[best] ?? 0));
  if (options.endOfTextIds.includes(best)) row.finishReason = 'end-of-text';
  else row.tokenIds.push(best);
  return [best];
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
