/** Every migration, ascending. Numbers have gaps; a published migration is never changed. */

import type { Migration } from '../migrate.ts';
import { baseTables } from './0010-base-tables.ts';
import { fullTextSearch } from './0020-full-text-search.ts';
import { variantPredictions } from './0030-variant-predictions.ts';
import { runSearch } from './0040-run-search.ts';
import { runSourceLanguage } from './0050-run-source-language.ts';
import { runSpeech } from './0060-run-speech.ts';
import { automaticChoice } from './0070-automatic-choice.ts';

export const MIGRATIONS: readonly Migration[] = [
  baseTables,
  fullTextSearch,
  variantPredictions,
  runSearch,
  runSourceLanguage,
  runSpeech,
  automaticChoice,
];
