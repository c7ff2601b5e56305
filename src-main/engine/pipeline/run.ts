/** What every pipeline gets: the loaded models, the settings of the run, and where to report. */

import type { RunEvent } from '../../contract/engine-contract.ts';
import type { Search } from '../../contract/search.ts';
import type { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import type { Likeness } from './choose-alpha.ts';
import type { EncoderCache } from './encoder-cache.ts';

/** What a batch is decoded with. Files with the same of it may share batches. */
export interface Setup<M> {
  readonly model: M;
  readonly proxy: PerturbationProxy | null;
  /** For one batch after the other. */
  readonly memory: PerturbationMemory;
  readonly alphas: readonly number[];
  /** Also predict the score of every perturbed encoder output. */
  readonly predictPerturbed: boolean;
  /** Choose one α for each input by how like its text is to the others; null: no choice. */
  readonly likeness: Likeness | null;
  /** Null is greedy. */
  readonly search: Search | null;
  /** Encoder inputs per batch, or null for the pipeline's own choice. */
  readonly batchSize: number | null;
}

/** One file, or a part of it. */
export interface Run<M> extends Setup<M> {
  /** Of this run alone; null where encoder outputs are not kept. */
  readonly cache: EncoderCache | null;
  /** Milliseconds that loading took before the run. */
  readonly loadTime: number;
  /** Emits `ready`: from here on it is this file's turn. */
  readonly begin: () => void;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Inputs of a batch: as asked for, else `most`; fewer with beams, which are rows of the decoder too. */
export function inputsPerBatch(
  { batchSize, search }: Pick<Setup<unknown>, 'batchSize' | 'search'>,
  most: number,
): number {
  return batchSize ?? Math.ceil(most / (search?.strategy === 'beam' ? search.beams : 1));
}
