/** The words in which two versions of a unit differ, for marking them side by side. */

import { type WordDiffPart, wordDiff } from '../../../src-main/evaluation/word-diff.ts';

/** A stretch of a text; `changed` where the other text has other words or none. */
export interface Mark {
  readonly text: string;
  readonly changed: boolean;
}

export interface Marks {
  readonly left: readonly Mark[];
  readonly right: readonly Mark[];
}

/**
 * Both texts in stretches; those of one side joined are its text.
 *
 * @param language BCP 47 tag, for scripts without spaces; null where it is not known
 */
export function marksOf(left: string, right: string, language: string | null): Marks {
  const parts = wordDiff(left, right, language ?? undefined);
  return {
    left: parts.flatMap((part) => (part.kind === 'added' ? [] : marksOfPart(part))),
    right: parts.flatMap((part) => (part.kind === 'removed' ? [] : marksOfPart(part))),
  };
}

/** A text that is compared with nothing. */
export function unmarked(text: string): readonly Mark[] {
  return text === '' ? [] : [{ text, changed: false }];
}

/** White space around changed words is not marked: nobody reads it as a change. */
function marksOfPart({ kind, text }: WordDiffPart): readonly Mark[] {
  if (kind === 'equal') return unmarked(text);
  const words = text.trim();
  const start = text.indexOf(words);
  return [
    ...unmarked(text.slice(0, start)),
    ...(words === '' ? [] : [{ text: words, changed: true }]),
    ...unmarked(text.slice(start + words.length)),
  ];
}
