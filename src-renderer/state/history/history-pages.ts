/** Rows of the history that are there already, and rows that come. Newest first throughout. */

import type { HistoryPage } from '../../../src-main/contract/history.ts';

type Row = HistoryPage['items'][number];

export interface Merged {
  readonly items: readonly Row[];
  /** How many of the rows beyond the page stayed. */
  readonly kept: number;
}

/**
 * Puts a first page, read anew, in the place of the rows that it covers. The rows beyond it stay.
 * A page that shares no row with what was there replaces everything: nothing is known of the gap.
 */
export function headReplaced(
  items: readonly Row[],
  page: Pick<HistoryPage, 'items' | 'cursor'>,
): Merged {
  const inPage = new Set(page.items.map(({ id }) => id));
  const lastShared = items.findLastIndex(({ id }) => inPage.has(id));
  if (page.cursor === null || lastShared < 0) return { items: page.items, kept: 0 };
  const beyond = items.slice(lastShared + 1);
  return { items: [...page.items, ...beyond], kept: beyond.length };
}

/**
 * Puts rows back where they were: each before the row that followed it and is still there.
 *
 * @param order ids of all rows as they stood before some were taken away
 */
export function rowsReturned(
  items: readonly Row[],
  rows: readonly Row[],
  order: readonly string[],
): readonly Row[] {
  const there = new Set(items.map(({ id }) => id));
  const missing = new Map(rows.filter(({ id }) => !there.has(id)).map((row) => [row.id, row]));
  /** Rows that go before a row, by its id; before nothing at the end. */
  const before = new Map<string | null, Row[]>();
  let next: string | null = null;
  for (const id of order.toReversed()) {
    const row = missing.get(id);
    if (there.has(id)) next = id;
    else if (row !== undefined) before.set(next, [row, ...(before.get(next) ?? [])]);
  }
  const withRows = items.flatMap((item) => [...(before.get(item.id) ?? []), item]);
  return [...withRows, ...(before.get(null) ?? [])];
}
