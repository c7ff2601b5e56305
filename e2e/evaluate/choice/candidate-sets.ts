/**
 * What the automatic α is compared with, at the same number of decoder rows: random steps, beams, and
 * both; every set judged by the same evidence.
 */

import { GREEDY, type Search } from '../../../src-main/contract/search.ts';
import type { RowOutput } from '../../../src-main/engine/decoding/hypothesis.ts';
import {
  bestAlpha,
  plainLogProbabilities,
} from '../../../src-main/engine/pipeline/choose-alpha.ts';
import type { Random } from '../../../src-main/evaluation/random.ts';
import type { DevInput } from '../dev-data.ts';
import { moveAlong } from '../directions.ts';
import type { Subject } from '../subjects.ts';

export type System = 'plain' | 'suggested α' | 'automatic α' | 'random steps' | 'beams';

/** What every system wrote for one input. */
export interface ChosenTexts {
  readonly condition: string;
  readonly references: readonly string[];
  readonly texts: Readonly<Record<System, string>>;
  /** The α that the evidence chose. */
  readonly alpha: number;
}

/** As many beams as a choice among so many α has rows. */
function beamSearch(rows: number): Search {
  return {
    ...GREEDY,
    strategy: 'beam',
    beams: rows,
    lengthPenalty: 1,
    earlyStopping: false,
    returnSequences: 1,
  };
}

/**
 * @param alphas above 0, the suggested one first
 * @throws VeerError CANCELLED
 */
export async function chosenTexts<Input>(
  batch: readonly DevInput<Input>[],
  { model, proxy }: Subject<Input>,
  options: {
    readonly alphas: readonly number[];
    readonly random: Random;
    readonly signal: AbortSignal;
  },
): Promise<readonly ChosenTexts[]> {
  const { alphas, random, signal } = options;
  const encoded = await model.encode(model.prepare(batch.map(({ input }) => input)));
  const decode = { signal, onStep: undefined };
  const plain = await model.decode(encoded, decode);
  const columnsAlong = async (direction: 'gradient' | 'random') => {
    const moved = await moveAlong(direction, encoded, { proxy, alphas, random });
    const rows = await model.decode(moved, decode);
    const steps = alphas.map((_, a) => rows.filter((_row, r) => r % alphas.length === a));
    return [plain, ...steps];
  };
  const gradient = await columnsAlong('gradient');
  const judged = async (columns: readonly (readonly RowOutput[])[]) => {
    const evidence = await plainLogProbabilities(encoded, columns, { model, signal });
    const all = [0, ...alphas];
    return batch.map((_, b) => {
      const alpha = bestAlpha(
        all,
        evidence.map((column) => column[b] ?? Number.NaN),
      );
      return { alpha, output: columns[all.indexOf(alpha)]?.[b] };
    });
  };
  const automatic = await judged(gradient);
  const atRandom = await judged(await columnsAlong('random'));
  const beams = await model.decode(encoded, { ...decode, search: beamSearch(alphas.length + 1) });
  const text = (output: RowOutput | undefined) => model.text(output?.tokenIds ?? []);
  return batch.map(({ condition, references }, b) => ({
    condition,
    references,
    alpha: automatic[b]?.alpha ?? 0,
    texts: {
      plain: text(plain[b]),
      'suggested α': text(gradient[1]?.[b]),
      'automatic α': text(automatic[b]?.output),
      'random steps': text(atRandom[b]?.output),
      beams: text(beams[b]),
    },
  }));
}
