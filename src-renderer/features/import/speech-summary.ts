/** What is asked of a recogniser, in a few words each. */

import type { Speech } from '../../../src-main/contract/speech.ts';
import type { Messages } from '../../i18n/messages.ts';

export function speechSummary(
  speech: Speech | null,
  words: Messages['importing']['speech'],
): readonly string[] {
  if (speech === null) return [];
  return [
    ...(speech.toEnglish ? [words.toEnglishShort] : []),
    ...(speech.fallback === null ? [] : [words.qualityChecksShort]),
    ...(speech.longForm === 'sequential' ? [words.sequentialShort] : []),
    ...(speech.prompt === null ? [] : [words.promptShort]),
  ];
}
