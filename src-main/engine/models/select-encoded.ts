/** Rows of an encoder output. */

import { selectRows } from '../onnx/tensor.ts';
import type { Encoded } from './model.ts';

/** Copies the given rows into a new batch, in their order; a row may repeat. */
export function selectEncoded(
  { hiddenStates, validMask }: Encoded,
  rows: readonly number[],
): Encoded {
  return { hiddenStates: selectRows(hiddenStates, rows), validMask: selectRows(validMask, rows) };
}
