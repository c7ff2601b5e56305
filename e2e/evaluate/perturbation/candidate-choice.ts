/**
 * Choosing one of four candidates for every input, which cost as many decoder rows: the product's
 * choice among α, and what it must beat.
 */

import type { Hypothesis, RowOutput } from '../../../src-main/engine/decoding/hypothesis.ts';
import type { Encoded, Model } from '../../../src-main/engine/models/model.ts';
import type { Likeness } from '../../../src-main/engine/pipeline/choose-alpha.ts';
import { minimumBayesRisk } from '../../../src-main/evaluation/minimum-bayes-risk.ts';
import type { BatchOutputs } from './decode-inputs.ts';
import { mostEvidence, plainLogProbabilities } from './evidence.ts';
import type { SearchName } from './searches.ts';
import { keyOf, PLAIN, type Variant } from './variants.ts';

/** Where the candidates come from. */
export const POOLS = [
  'steps',
  'random steps',
  '4 beams',
  'step × 2 beams',
  'random × 2 beams',
] as const;
export type Pool = (typeof POOLS)[number];

/** Evidence: the mean log-probability under the plain encoder output. */
export const RULES = ['evidence', 'minimum Bayes risk'] as const;
export type Rule = (typeof RULES)[number];

/** Equal pools and rules have equal keys. */
export function choiceKey(pool: Pool, rule: Rule): string {
  return `${pool}, ${rule}`;
}

/**
 * @param candidates α of the candidates, 0 first and then the one that is used in beams too
 * @param seed of the random directions
 * @returns a function for DecodePlan.choose: texts by `choiceKey`
 */
export function candidateChoice<Input>(
  candidates: readonly number[],
  {
    likeness,
    seed,
    signal,
  }: {
    readonly likeness: Likeness;
    readonly seed: number;
    readonly signal: AbortSignal;
  },
): (
  encoded: Encoded,
  outputs: BatchOutputs,
  model: Model<Input>,
) => Promise<readonly Readonly<Record<string, string>>[]> {
  const along = (kind: 'gradient' | 'random') =>
    candidates.map((alpha): Variant => {
      if (alpha === 0) return PLAIN;
      return kind === 'random' ? { kind, alpha, seed } : { kind, alpha };
    });
  const sources: Readonly<Record<Pool, readonly (readonly [SearchName, Variant])[]>> = {
    steps: along('gradient').map((variant) => ['greedy', variant]),
    'random steps': along('random').map((variant) => ['greedy', variant]),
    '4 beams': [['4 beams', PLAIN]],
    'step × 2 beams': along('gradient')
      .slice(0, 2)
      .map((variant) => ['2 beams', variant]),
    'random × 2 beams': along('random')
      .slice(0, 2)
      .map((variant) => ['2 beams', variant]),
  };
  return async (encoded, outputs, model) => {
    const rows = Array.from(
      { length: encoded.validMask.dims[0] ?? 0 },
      (): Record<string, string> => ({}),
    );
    for (const pool of POOLS) {
      const columns = sources[pool].flatMap(([search, variant]) =>
        hypothesisColumns(outputs.get(search)?.get(keyOf(variant)) ?? []),
      );
      const evidence = await plainLogProbabilities(encoded, columns, { model, signal });
      for (const [b, row] of rows.entries()) {
        const texts = columns.map((column) => model.text(column[b]?.tokenIds ?? []));
        const surest = mostEvidence(evidence.map((column) => column[b] ?? Number.NaN));
        row[choiceKey(pool, 'evidence')] = texts[surest] ?? '';
        row[choiceKey(pool, 'minimum Bayes risk')] = texts[minimumBayesRisk(texts, likeness)] ?? '';
      }
    }
    return rows;
  };
}

/** The best hypotheses of all rows, the next best ones, and so on. */
function hypothesisColumns(rows: readonly RowOutput[]): readonly (readonly RowOutput[])[] {
  const lists = rows.map((row): readonly Hypothesis[] => [row, ...(row.alternatives ?? [])]);
  const most = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: most }, (_, place) =>
    // A beam may find fewer hypotheses; its best one stands for what is missing.
    lists.map(
      (list) =>
        list[place] ??
        list[0] ?? { tokenIds: [], tokenLogProbabilities: [], finishReason: 'length' },
    ),
  );
}
