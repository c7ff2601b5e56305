/**
 * Runs say which version of a unit is its text, and units which one the program chose. Those that were
 * there before are plain: null.
 */

import type { Migration } from '../migrate.ts';

export const automaticChoice: Migration = {
  version: 70,
  sql: `
    UPDATE runs SET settings = json_set(settings, '$.choice', 'plain');
    ALTER TABLE segments ADD COLUMN automatic_alpha REAL;
  `,
};
