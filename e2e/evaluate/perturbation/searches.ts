/** The searches that perturbation is measured with. */

import { GREEDY, type Search } from '../../../src-main/contract/search.ts';

export const SEARCHES = ['greedy', '2 beams', '4 beams', '8 beams'] as const;
export type SearchName = (typeof SEARCHES)[number];

/** Every hypothesis is asked for, the best first. */
export function searchOf(name: SearchName): Search {
  if (name === 'greedy') return GREEDY;
  const beams = Number.parseInt(name, 10);
  return {
    ...GREEDY,
    strategy: 'beam',
    beams,
    lengthPenalty: 1,
    earlyStopping: false,
    returnSequences: beams,
  };
}
