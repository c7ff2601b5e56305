/**
 * Keys of segments: item key · 2^24 + n. Segments of an item are one range of keys, and the search
 * index gives the item of a hit without a look at the table. Both parts stay exact in a JavaScript
 * number: 2^29 items of 2^24 segments.
 */

export const SEGMENT_BITS = 24;
const SEGMENTS_PER_ITEM = 2 ** SEGMENT_BITS;

export interface KeyRange {
  readonly first: number;
  readonly last: number;
}

/** Keys that segments of an item may have. */
export function segmentKeys(itemKey: number): KeyRange {
  return {
    first: itemKey * SEGMENTS_PER_ITEM,
    last: (itemKey + 1) * SEGMENTS_PER_ITEM - 1,
  };
}
