/**
 * Search along one path per row: greedy search and sampling differ only in how a token is chosen.
 * Every row is decoded as if it were alone: rows share the native call, never a decision. A row that
 * has ended is dropped from the batch once half of the batch has ended, since dropping copies the
 * caches of the others.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import type { Hypothesis } from './hypothesis.ts';
import type { SearchOptions } from './search-options.ts';

interface TokenChoice {
  readonly id: number;
  /** Natural logarithm, in the distribution that it was chosen from. */
  readonly logProbability: number;
}

/**
 * @param logits [vocabulary] after the processors
 * @param row place of the row's prompt
 */
type ChooseToken = (logits: Float32Array, row: number) => TokenChoice;

interface Row {
  readonly position: number;
  readonly prompt: readonly number[];
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
  choose: ChooseToken,
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
    const logits = await session.step(tokens);
    const vocabulary = logits.length / live.length;
    const next = live.map((row, r) => {
      const rowLogits = logits.subarray(r * vocabulary, (r + 1) * vocabulary);
      return row.finishReason === null ? extend(row, rowLogits, options, choose) : [0];
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
  logits: Float32Array,
  options: SearchOptions,
  choose: ChooseToken,
): readonly number[] {
  const context = { prompt: row.prompt, generated: row.tokenIds };
  for (const processor of options.processors) processor.process(logits, context);
  const { id, logProbability } = choose(logits, row.position);
  row.logProbabilities.push(logProbability);
  if (options.endOfTextIds.includes(id)) row.finishReason = 'end-of-text';
  else row.tokenIds.push(id);
  return [id];
}
