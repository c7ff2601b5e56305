/** Cursors of the list: the key of the last item of the page before. */

import { VeerError } from '../contract/errors.ts';

/** @throws VeerError OPTION_INVALID for a cursor that no answer gave */
export function readCursor(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new VeerError(
      'OPTION_INVALID',
      `"${cursor}" is not a place in the list. Begin at its start.`,
    );
  }
  return Number(cursor);
}
