/** What is decoded on dev and on test. */

import type { Domain } from './evaluation-sets.ts';
import { SEARCHES, type SearchName } from './searches.ts';
import { PLAIN, type Variant } from './variants.ts';

/** Step sizes of the sweep on dev, beside the suggested one. */
export const SWEEP = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8];

/** The candidates along random directions are decoded with these. */
const CANDIDATE_SEARCHES: readonly SearchName[] = ['greedy', '2 beams'];

/** Numbers of small steps that the suggested step is also made in, on dev. */
export const SMALL_STEPS = [2, 4];

export interface PlannedRun {
  readonly variant: Variant;
  readonly searches: readonly SearchName[];
}

/** Of the random directions; fewer with beams, which take most of the time. */
export function randomSeeds(search: SearchName, seed: number): readonly number[] {
  return Array.from({ length: search === 'greedy' ? 5 : 2 }, (_, i) => seed + i);
}

/**
 * Greedy search at every α, the controls where a gain is looked for, and the suggested step in several
 * small ones.
 */
export function sweepRuns(
  domain: Domain,
  alphas: readonly number[],
  { seed, suggested }: { readonly seed: number; readonly suggested: number },
): readonly PlannedRun[] {
  const variants = alphas.flatMap((alpha): readonly Variant[] => [
    { kind: 'gradient', alpha },
    ...(domain === 'shifted'
      ? ([
          { kind: 'sign flipped', alpha },
          { kind: 'random', alpha, seed },
        ] as const)
      : []),
  ]);
  const small = SMALL_STEPS.map(
    (steps): Variant => ({ kind: 'gradient', alpha: suggested, steps }),
  );
  return [PLAIN, ...variants, ...small].map((variant) => ({ variant, searches: ['greedy'] }));
}

/**
 * The one α with every search, the controls where a gain is claimed, and the candidates that are chosen
 * among (candidate-choice.ts).
 *
 * @param candidates α of the candidates: 0, the one α, and others
 * @param seed of the first random direction, which the candidates have
 */
export function confirmationRuns(
  domain: Domain,
  {
    alpha,
    candidates,
    seed,
  }: { readonly alpha: number; readonly candidates: readonly number[]; readonly seed: number },
): readonly PlannedRun[] {
  const randomRuns = new Map<number, SearchName[]>();
  for (const search of SEARCHES) {
    for (const one of randomSeeds(search, seed)) {
      // In-domain no gain is claimed: only the candidates need a random direction.
      if (domain === 'in-domain' && !(one === seed && CANDIDATE_SEARCHES.includes(search)))
        continue;
      randomRuns.set(one, [...(randomRuns.get(one) ?? []), search]);
    }
  }
  const more = candidates.filter((other) => other !== 0 && other !== alpha);
  return [
    { variant: PLAIN, searches: SEARCHES },
    { variant: { kind: 'gradient', alpha }, searches: SEARCHES },
    ...(domain === 'shifted'
      ? [{ variant: { kind: 'sign flipped', alpha } as const, searches: SEARCHES }]
      : []),
    ...[...randomRuns].map(([one, searches]): PlannedRun => {
      return { variant: { kind: 'random', alpha, seed: one }, searches };
    }),
    ...more.flatMap((other): readonly PlannedRun[] => [
      { variant: { kind: 'gradient', alpha: other }, searches: ['greedy'] },
      { variant: { kind: 'random', alpha: other, seed }, searches: ['greedy'] },
    ]),
  ];
}
