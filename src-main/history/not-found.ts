/** Named errors for what is not in the history (any more). */

import { type ErrorCode, VeerError } from '../contract/errors.ts';

const SENTENCES = {
  ITEM_NOT_FOUND: 'This item is not in the history any more. Go back to the list.',
  RUN_NOT_FOUND: 'This run is not in the history any more. Open its item again.',
  SEGMENT_NOT_FOUND: 'This segment is not in the history. Open the item again.',
  VARIANT_NOT_FOUND: 'There is no output for this α here. Compute it first.',
  JOB_NOT_FOUND: 'This job is not in the list any more.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** What a statement found. @throws VeerError with the code when it found nothing */
export function found<T>(row: T | undefined, code: keyof typeof SENTENCES): T {
  if (row === undefined) throw notFound(code);
  return row;
}

export function notFound(code: keyof typeof SENTENCES): VeerError {
  return new VeerError(code, SENTENCES[code]);
}
