/** What every pipeline gets: the loaded models, the settings of the run, and where to report. */

import type { RunEvent } from '../../contract/engine-contract.ts';
import type { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import type { EncoderCache } from './encoder-cache.ts';

export interface Run<M> {
  readonly model: M;
  readonly proxy: PerturbationProxy | null;
  /** Of this run alone; null where encoder outputs are not kept. */
  readonly cache: EncoderCache | null;
  /** Of this run alone. */
  readonly memory: PerturbationMemory;
  readonly alphas: readonly number[];
  /** Also predict the score of every perturbed encoder output. */
  readonly predictPerturbed: boolean;
  /** Encoder inputs per batch, or null for the pipeline's own choice. */
  readonly batchSize: number | null;
  /** Milliseconds that loading took before the run. */
  readonly loadTime: number;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}
