/**
 * Search along one path per row: greedy search and sampling differ only in how a token is chosen.
 * Every row is decoded as if it were alone: rows share the native call, never a decision. A row that
 * has ended is dropped from the batch once half of the batch has ended, since dropping copies the
 * caches of the others.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis, TokenChoice } from './hypothesis.ts';
import type { SearchOptions } from './search-options.ts';

const NONE: TokenChoice = { id: 0, logProbability: 0 };

/**
 * Takes a step and chooses a token for every live row; what it chooses for one that has ended is
 * not looked at.
 */
type ChooseTokens = (
  tokens: readonly (readonly number[])[],
  rows: readonly LiveRow[],
) => Promise<readonly TokenChoice[]>;

export interface LiveRow {
  /** Place of the row's prompt. */
  readonly position: number;
  readonly prompt: readonly number[];
  readonly tokenIds: readonly number[];
  /** Null while it goes on. */
  readonly finishReason: Hypothesis['finishReason'] | null;
}

interface Row extends LiveRow {
  readonly tokenIds: number[];
  readonly logProbabilities: number[];
  finishReason: Hypothesis['finishReason'] | null;
}

/**
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export async function rowSearch(
  session: DecoderSession,
  options: SearchOptions,
  choose: ChooseTokens,
): Promise<readonly Hypothesis[]> {
  const { prompts, signal } = options;
  const rows = prompts.map((prompt, position): Row => {
    return { position, prompt, tokenIds: [], logProbabilities: [], finishReason: null };
  });
  const texts = rows.map((row) => row.tokenIds);
  let live = rows;
  let tokens = prompts;
  for (let step = 0; step < options.maxNewTokens && live.length > 0; step++) {
    throwIfCancelled(signal);
    const chosen = await choose(tokens, live);
    const next = live.map((row, r) => {
      const choice = chosen[r];
      return row.finishReason === null && choice ? extend(row, choice, options) : [0];
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

/** Appends the chosen token to the row and returns it as the row's next input. */
function extend(
  row: Row,
  { id, logProbability }: TokenChoice,
  { endOfTextIds }: SearchOptions,
): readonly number[] {
  row.logProbabilities.push(logProbability);
  if (endOfTextIds.includes(id)) row.finishReason = 'end-of-text';
  else row.tokenIds.push(id);
  return [id];
}

/**
 * Chooses from the logits that the processors leave.
 *
 * @param choose given [vocabulary] of the row with its prompt at `position`
 */
export function fromLogits(
  session: DecoderSession,
  { processors }: SearchOptions,
  choose: (logits: Float32Array, position: number) => TokenChoice,
): ChooseTokens {
  return async (tokens, rows) => {
    const logits = await session.step(tokens);
    const vocabulary = logits.length / rows.length;
    return rows.map(({ position, prompt, tokenIds, finishReason }, r) => {
      if (finishReason !== null) return NONE;
      const own = logits.subarray(r * vocabulary, (r + 1) * vocabulary);
      const context = { prompt, generated: tokenIds };
      for (const processor of processors) processor.process(own, context);
      return choose(own, position);
    });
  };
}
