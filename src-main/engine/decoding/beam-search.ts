/**
 * Beam search over a batch: the open paths of every input are rows of one native call, at first one
 * row each. Inputs share that call, never a decision. Between two steps the caches are put into the
 * order of the paths; those of the cross-attention only where rows go to another input.
 */

import { throwIfCancelled } from '../../contract/errors.ts';
import { BeamHypotheses, type BeamSettings, type ScoredHypothesis } from './beam-hypotheses.ts';
import type { DecoderSession } from './decoder-session.ts';
import type { SearchOptions } from './search-options.ts';

export interface BeamOptions extends SearchOptions, BeamSettings {}

/** The best first. */
type RankedHypotheses = readonly [ScoredHypothesis, ...ScoredHypothesis[]];

/** A row of the next step. */
interface NextRow {
  readonly input: BeamHypotheses;
  /** Row of the step before that it continues. */
  readonly parent: number;
  readonly id: number;
}

/**
 * @returns for every prompt, in their order, its finished hypotheses, the best first: at least one,
 *   at most as many as beams
 * @throws VeerError CANCELLED between two steps when the signal is aborted
 */
export async function beamSearch(
  session: DecoderSession,
  options: BeamOptions,
): Promise<readonly RankedHypotheses[]> {
  const { prompts, signal } = options;
  const inputs = prompts.map((prompt) => new BeamHypotheses(prompt, options));
  let rows: readonly BeamHypotheses[] = inputs;
  let tokens = prompts;
  while (rows.length > 0) {
    throwIfCancelled(signal);
    const logits = await session.step(tokens);
    const next = nextRows(rows, logits);
    options.onStep?.(inputs.map(({ bestSoFar }) => bestSoFar));
    // As greedy search: rows of inputs that are done stay until they are half of the batch.
    const live = next.filter(({ input }) => input.openPaths > 0);
    const kept = live.length <= next.length / 2 ? live : next;
    if (kept.length > 0) moveRows(session, rows, kept);
    rows = kept.map(({ input }) => input);
    tokens = kept.map(({ id }) => [id]);
  }
  throwIfCancelled(signal);
  return inputs.map(({ finished }) => finished as RankedHypotheses);
}

/** Rows of one input stand together. */
function nextRows(rows: readonly BeamHypotheses[], logits: Float32Array): readonly NextRow[] {
  const vocabulary = logits.length / rows.length;
  const next: NextRow[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    const input = rows[start] as BeamHypotheses;
    while (rows[end] === input) end++;
    const paths =
      input.openPaths === 0
        ? []
        : input.advance(logits.subarray(start * vocabulary, end * vocabulary));
    for (const { beam, id } of paths) next.push({ input, parent: start + beam, id });
    if (paths.length > 0) continue;
    for (let parent = start; parent < end; parent++) next.push({ input, parent, id: 0 });
  }
  return next;
}

function moveRows(
  session: DecoderSession,
  rows: readonly BeamHypotheses[],
  next: readonly NextRow[],
): void {
  const parents = next.map(({ parent }) => parent);
  if (next.length !== rows.length || next.some(({ input }, i) => rows[i] !== input)) {
    session.keepRows(parents);
  } else if (parents.some((parent, i) => parent !== i)) {
    session.reorderRows(parents);
  }
}
