/** How far a fit is, between two epochs; it can be kept on the disk and gone on from. */

import type { AdamWState } from './adamw.ts';

export interface FitState extends AdamWState {
  readonly weights: Float32Array;
  /** Epochs that are over. */
  epoch: number;
  /** Highest dev Spearman so far, the epoch of it (−1 before the first), and its weights. */
  best: number;
  bestEpoch: number;
  readonly bestWeights: Float32Array;
}

/** Where the fits of an ensemble are kept while they are made. */
export interface SavedFit {
  /** @returns null where there is none of this size */
  load(member: number, size: number): Promise<FitState | null>;
  save(member: number, state: FitState): Promise<void>;
}

export const NOT_SAVED: SavedFit = {
  load: () => Promise.resolve(null),
  save: () => Promise.resolve(),
};
