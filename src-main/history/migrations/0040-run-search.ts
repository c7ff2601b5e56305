/** Runs say how their output was looked for. Those that were there before are greedy: null. */

import type { Migration } from '../migrate.ts';

export const runSearch: Migration = {
  version: 40,
  sql: "UPDATE runs SET settings = json_set(settings, '$.search', NULL);",
};
