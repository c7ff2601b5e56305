/** Units that were read, put among those that are there. */

import type { SegmentView } from '../../../src-main/contract/history.ts';

/** @param units ascending, without doubles @returns place of the unit, or where it would go */
export function placeOf(units: readonly SegmentView[], index: number): number {
  let from = 0;
  let to = units.length;
  // In most items a unit stands at the place of its index.
  if (units[index]?.index === index) return index;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((units[middle]?.index ?? index) < index) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * One copy of the list, and a search for each unit: an event of a long job brings one of thousands.
 *
 * @param units ascending, without doubles, as the result is
 */
export function mergedUnits(
  units: readonly SegmentView[],
  read: readonly SegmentView[],
): readonly SegmentView[] {
  const merged = [...units];
  const missing: SegmentView[] = [];
  for (const unit of read) {
    const place = placeOf(units, unit.index);
    if (units[place]?.index === unit.index) merged[place] = unit;
    else missing.push(unit);
  }
  if (missing.length === 0) return merged;
  const first = missing[0]?.index ?? 0;
  merged.push(...missing);
  const atEnd = (units.at(-1)?.index ?? -1) < first && isAscending(missing);
  return atEnd ? merged : merged.toSorted((a, b) => a.index - b.index);
}

function isAscending(units: readonly SegmentView[]): boolean {
  return units.every(({ index }, place) => place === 0 || (units[place - 1]?.index ?? 0) < index);
}
