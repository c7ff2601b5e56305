/** Items as they are stored, and as the contract shows them. */

import type { Item } from '../contract/history.ts';

export interface ItemRow extends Omit<Item, 'keep' | 'excerpt'> {
  readonly key: number;
  readonly keep: number;
  readonly runKey: number | null;
}

const NEWEST_RUN = '(SELECT max(key) FROM runs WHERE item_key = items.key)';

/** State of the newest run: of its first job, which makes its text. Later ones add versions. */
export const NEWEST_STATE = `
  (SELECT state FROM jobs WHERE run_key = ${NEWEST_RUN} ORDER BY key LIMIT 1)`;

export const SELECT_ITEM = `
  SELECT items.key, items.id, items.kind, items.name, items.created_at AS createdAt,
    items.duration, items.media, items.keep, items.deleted_at AS deletedAt,
    runs.key AS runKey, runs.id AS runId, ${NEWEST_STATE} AS state
  FROM items LEFT JOIN runs ON runs.key = ${NEWEST_RUN}`;

export function itemOf({ key: _key, runKey: _runKey, ...row }: ItemRow, excerpt: string): Item {
  return { ...row, keep: row.keep === 1, excerpt };
}

/** Characters (UTF-16 units) of an excerpt at most. */
const EXCERPT_LENGTH = 160;

/** @param texts of the first segments */
export function excerptOf(texts: readonly string[]): string {
  const text = texts.join(' ').replace(/\s+/gu, ' ').trim();
  if (text.length <= EXCERPT_LENGTH) return text;
  const cut = text.slice(0, EXCERPT_LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${(space > EXCERPT_LENGTH / 2 ? cut.slice(0, space) : cut).toWellFormed()} …`;
}
