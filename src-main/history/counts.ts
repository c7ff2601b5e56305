/** How much the history holds: numbers only, for whoever asks for help. */

import type { Connection } from './connection.ts';

export interface HistoryCounts {
  readonly items: number;
  readonly runs: number;
  readonly jobs: number;
  readonly units: number;
  /** Jobs by the code of the error they have. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Deleted items count until they are purged, and jobs also when they are off the list. */
export function historyCounts(connection: Connection): HistoryCounts {
  const rows = (table: string) =>
    connection.pluck<[], number>(`SELECT count(*) FROM ${table}`).get() ?? 0;
  return connection.read(() => ({
    items: rows('items'),
    runs: rows('runs'),
    jobs: rows('jobs'),
    units: rows('segments'),
    errors: Object.fromEntries(
      connection
        .prepare<[], { readonly code: string; readonly count: number }>(
          `SELECT error ->> '$.code' AS code, count(*) AS count FROM jobs
           WHERE error IS NOT NULL GROUP BY code ORDER BY code`,
        )
        .all()
        .map(({ code, count }) => [code, count]),
    ),
  }));
}
