/** One training: what was asked for, where it reports, and which examples are for what. */

import { VeerError } from '../../contract/errors.ts';
import type { TrainingEvent, TrainProxyInput } from '../../contract/proxy-training.ts';
import { type Split, splitOf } from './examples.ts';
import type { StoredExample } from './stored-examples.ts';

export interface TrainingRun {
  readonly input: TrainProxyInput;
  readonly emit: (event: TrainingEvent) => void;
  readonly signal: AbortSignal;
}

export type Splits = Readonly<Record<Split, readonly StoredExample[]>>;

/** Fewer cannot say anything about a correlation. */
const FEWEST = { train: 8, dev: 3, test: 3 } as const;

/** @throws VeerError OPTION_INVALID for too few examples */
export function splitUp(stored: readonly StoredExample[], seed: number): Splits {
  const part = (split: Split) => stored.filter(({ example }) => splitOf(example, seed) === split);
  const splits = { train: part('train'), dev: part('dev'), test: part('test') };
  for (const split of ['train', 'dev', 'test'] as const) {
    if (splits[split].length >= FEWEST[split]) continue;
    throw new VeerError(
      'OPTION_INVALID',
      `${stored.length} different examples are too few: ${splits[split].length} of them are for ${split}, where at least ${FEWEST[split]} are needed. Use more examples (some hundreds at least give a proxy that says something).`,
    );
  }
  return splits;
}
