/**
 * Greedy search with a draft of every row: a text that is likely to be the row's own, such as the one
 * of the same input at another α. The decoder reads prompt and draft in one run, and as long as the
 * draft is what greedy search chooses, its tokens are taken over; from the first other token on, the
 * row goes step by step. So a draft costs or saves time, and never changes the text (Leviathan et
 * al. 2023, arXiv 2211.17192, with a text for a draft model).
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { DecoderSession } from './decoder-session.ts';
import { argmax, greedySearch } from './greedy.ts';
import type { Hypothesis } from './hypothesis.ts';
import { logSumExpAbove } from './log-sum-exp.ts';
import type { LogitsProcessor } from './logits-processors.ts';
import { groupTexts, type KnownText, readTexts, textReader } from './read-texts.ts';
import type { SearchOptions } from './search-options.ts';

/** `tokens` are its draft. */
interface Row extends KnownText {
  readonly tokenIds: number[];
  readonly tokenLogProbabilities: number[];
  ended: boolean;
}

/**
 * @param session has read nothing
 * @param drafts one per prompt, without prompt and end token; an empty one is none
 * @returns one hypothesis per prompt, in the order of the prompts
 * @throws VeerError CANCELLED between two runs when the signal is aborted
 */
export async function draftedGreedySearch(
  session: DecoderSession,
  drafts: readonly (readonly number[])[],
  options: SearchOptions,
): Promise<readonly Hypothesis[]> {
  const { prompts, maxNewTokens, signal, onStep } = options;
  const rows = prompts.map((prompt, row): Row => {
    const tokens = (drafts[row] ?? []).slice(0, maxNewTokens - 1);
    return { row, prompt, tokens, tokenIds: [], tokenLogProbabilities: [], ended: false };
  });
  const reader = textReader(session);
  if (reader !== null) {
    const drafted = rows.filter(({ tokens }) => tokens.length > 0);
    for (const group of groupTexts(drafted, reader.vocabulary)) {
      throwIfCancelled(signal);
      const logitsOf = await readTexts(reader, group);
      for (const [g, row] of group.entries()) takeOver(row, (i) => logitsOf(g, i), options);
      onStep?.(rows.map((row) => row.tokenIds));
    }
  }
  const unfinished = rows.filter((row) => !row.ended);
  if (unfinished.length > 0 && unfinished.length < rows.length) {
    session.keepRows(unfinished.map((row) => row.row));
  }
  const cut = await finishRows(session, unfinished, options);
  return rows.map(({ tokenIds, tokenLogProbabilities, row }) => {
    const finishReason = cut.has(row) ? 'length' : 'end-of-text';
    return { tokenIds, tokenLogProbabilities, finishReason };
  });
}

/** Lengthens a row by what its draft has right, and by the token after that. */
function takeOver(row: Row, logitsOf: (i: number) => Float32Array, options: SearchOptions): void {
  for (let i = 0; i <= row.tokens.length; i++) {
    const id = extend(row, logitsOf(i), options);
    if (row.ended || id !== row.tokens[i]) break;
  }
}

function extend(row: Row, logits: Float32Array, options: SearchOptions): number {
  const context = { prompt: row.prompt, generated: row.tokenIds };
  for (const processor of options.processors) processor.process(logits, context);
  const id = argmax(logits);
  row.tokenLogProbabilities.push(-logSumExpAbove(logits, logits[id] ?? 0));
  row.ended = options.endOfTextIds.includes(id);
  if (!row.ended) row.tokenIds.push(id);
  return id;
}

/**
 * Step by step from where the shortest row is; rows that are ahead repeat what they have till there.
 *
 * @returns positions of the rows that were cut at the limit
 */
async function finishRows(
  session: DecoderSession,
  unfinished: readonly Row[],
  options: SearchOptions,
): Promise<ReadonlySet<number>> {
  if (unfinished.length === 0) return new Set();
  const shortest = Math.min(...unfinished.map(({ tokenIds }) => tokenIds.length));
  const prompts = unfinished.map(({ prompt, tokenIds }) => [
    ...prompt,
    ...tokenIds.slice(0, shortest),
  ]);
  const byPrompt = new Map<readonly number[], Row>(
    unfinished.map((row, r) => [prompts[r] ?? [], row]),
  );
  const rules: LogitsProcessor = {
    process: (logits, { prompt, generated }) => {
      const row = byPrompt.get(prompt);
      if (row === undefined) return;
      const known = row.tokenIds[shortest + generated.length];
      if (known === undefined) {
        // The row's own prompt is shorter, and its text longer, than the search believes.
        const text = [...row.tokenIds.slice(0, shortest), ...generated];
        for (const processor of options.processors) {
          processor.process(logits, { prompt: row.prompt, generated: text });
        }
      } else {
        logits.fill(Number.NEGATIVE_INFINITY);
        logits[known] = 0;
      }
    },
  };
  const found = await greedySearch(session, {
    ...options,
    prompts,
    processors: [rules],
    maxNewTokens: options.maxNewTokens - shortest,
    onStep: undefined,
  });
  const cut = new Set<number>();
  for (const [r, { tokenIds, tokenLogProbabilities, finishReason }] of found.entries()) {
    const row = unfinished[r];
    if (row === undefined) continue;
    const repeated = row.tokenIds.length - shortest;
    row.tokenIds.push(...tokenIds.slice(repeated));
    row.tokenLogProbabilities.push(...tokenLogProbabilities.slice(repeated));
    if (finishReason === 'length') cut.add(row.row);
  }
  return cut;
}
