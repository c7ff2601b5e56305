/**
 * Runs say how a recording is written down, and variants keep what is known of them beyond their
 * tokens: phrases, words, checks. Those that were there before are plain: null.
 */

import type { Migration } from '../migrate.ts';

export const runSpeech: Migration = {
  version: 60,
  sql: `
    UPDATE runs SET settings = json_set(settings, '$.speech', NULL);
    ALTER TABLE variants ADD COLUMN details TEXT;
  `,
};
