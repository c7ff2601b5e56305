/**
 * Choosing one of several α for an input by minimum Bayes risk: the text that is most like those of the
 * other α. The proxy has no say: its score rises along its own gradient whether or not the text
 * improves. What came of it, and of other rules: docs/results/details.md.
 */

import type { Task } from '../../contract/result.ts';
import { sentenceChrf } from '../../evaluation/chrf.ts';
import { minimumBayesRisk } from '../../evaluation/minimum-bayes-risk.ts';
import { errorRate, normaliseForWer, wordErrors } from '../../evaluation/wer.ts';

/** How like the first text is to the second; the higher the more. */
export type Likeness = (text: string, other: string) => number;

const LIKENESS: Readonly<Record<Task, Likeness>> = {
  transcribe: (text, other) =>
    -Math.min(1, errorRate(wordErrors(normaliseForWer(other), normaliseForWer(text)))),
  translate: (text, other) => sentenceChrf(text, [other]),
};

/** By word errors for speech and by chrF for translations: what the texts are judged by in the end. */
export function likenessOf(task: Task): Likeness {
  return LIKENESS[task];
}

/**
 * @param candidates at least one, of different α
 * @returns the α whose text is most like the others; of equals the first
 */
export function chooseAlpha(
  candidates: readonly { readonly alpha: number; readonly text: string }[],
  likeness: Likeness,
): number {
  const texts = candidates.map(({ text }) => text);
  return candidates[minimumBayesRisk(texts, likeness)]?.alpha ?? 0;
}
