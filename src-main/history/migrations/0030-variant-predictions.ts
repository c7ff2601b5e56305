/**
 * What the proxy predicts for a perturbed version. Null where it was not asked for. The plain version
 * has the `predicted_score` of its segment.
 */

import type { Migration } from '../migrate.ts';

export const variantPredictions: Migration = {
  version: 30,
  sql: 'ALTER TABLE variants ADD COLUMN predicted_score REAL;',
};
