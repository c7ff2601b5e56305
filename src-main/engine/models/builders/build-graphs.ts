/**
 * From a weight table to the graphs of a model folder: the one place that knows which architecture has
 * which builder. Nothing of a source's file format reaches this far.
 */

import type { WeightTable } from '../../weights/weight-table.ts';

/** Number formats that graphs can be built in. */
export const BUILT_DTYPES = ['fp32', 'fp16', 'int8', 'q4'] as const;
export type BuiltDtype = (typeof BUILT_DTYPES)[number];

export interface BuildRequest {
  /** The fields of a Hugging Face config.json, `model_type` among them. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: WeightTable;
  /** Folder of the graphs (`onnx` of the model); it is there. */
  readonly directory: string;
  readonly dtype: BuiltDtype;
  readonly signal: AbortSignal;
  /** Bytes written of all that will be. */
  readonly onProgress: (done: number, total: number) => void;
}
