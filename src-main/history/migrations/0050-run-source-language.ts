/** Runs say which language they read. Those that were there before took the model's own: null. */

import type { Migration } from '../migrate.ts';

export const runSourceLanguage: Migration = {
  version: 50,
  sql: "UPDATE runs SET settings = json_set(settings, '$.sourceLanguage', NULL);",
};
