/** Outputs against references, as numbers with intervals. */

import { bleuFromStatistics, bleuStatistics } from '../../../src-main/evaluation/bleu.ts';
import { bootstrapScore, ratioOfSums } from '../../../src-main/evaluation/bootstrap.ts';
import { chrfFromStatistics, chrfStatistics } from '../../../src-main/evaluation/chrf.ts';
import {
  errorStatistics,
  normaliseForWer,
  sumEdits,
  wordErrors,
} from '../../../src-main/evaluation/wer.ts';
import type { SpeechScores, TranslationScores } from './evaluation-file.ts';

export const BOOTSTRAP = { seed: 3, resamples: 1000 } as const;

/** One item of a test set as the model wrote it. */
export interface Output {
  readonly text: string;
  readonly references: readonly string[];
  /** Whether the token limit ended it. */
  readonly cutShort: boolean;
}

/** @param outputs at least one, with one reference each */
export function speechScores(outputs: readonly Output[]): SpeechScores {
  const edits = outputs.map(({ text, references: [reference = ''] }) =>
    wordErrors(normaliseForWer(reference), normaliseForWer(text)),
  );
  const { hits, substitutions, deletions, insertions } = sumEdits(edits);
  const wer = bootstrapScore(
    edits.map(errorStatistics),
    (statistics) => 100 * ratioOfSums(statistics),
    BOOTSTRAP,
  );
  return {
    items: outputs.length,
    words: hits + substitutions + deletions,
    wer: rounded(wer.score),
    interval: [rounded(wer.lower), rounded(wer.upper)],
    substitutions,
    deletions,
    insertions,
    cutShort: outputs.filter(({ cutShort }) => cutShort).length,
  };
}

/** @param outputs at least one */
export function translationScores(outputs: readonly Output[]): TranslationScores {
  const bleu = bootstrapScore(
    outputs.map(({ text, references }) => bleuStatistics(text, references)),
    bleuFromStatistics,
    BOOTSTRAP,
  );
  const chrf = bootstrapScore(
    outputs.map(({ text, references }) => chrfStatistics(text, references)),
    chrfFromStatistics,
    BOOTSTRAP,
  );
  return {
    items: outputs.length,
    bleu: rounded(bleu.score),
    bleuInterval: [rounded(bleu.lower), rounded(bleu.upper)],
    chrf: rounded(chrf.score),
    chrfInterval: [rounded(chrf.lower), rounded(chrf.upper)],
    cutShort: outputs.filter(({ cutShort }) => cutShort).length,
  };
}

/** More digits than any interval allows to read, few enough to compare files by eye. */
function rounded(value: number): number {
  return Number(value.toFixed(3));
}
