/** What a proxy is fitted to: encoder outputs that can be read in batches, and their scores. */

import type { Tensor } from '../../onnx/tensor.ts';

interface EncodedBatch {
  /** float32 [B, T, D], 0 at padding; T is that of the longest. */
  readonly hiddenStates: Tensor;
  /** int64 [B, T] */
  readonly mask: Tensor;
}

export interface TrainingExamples {
  /** Real positions of each. */
  readonly lengths: readonly number[];
  /** Of the model's own output, in the metric's unit. */
  readonly scores: readonly number[];
  batch(indices: readonly number[]): Promise<EncodedBatch>;
}
