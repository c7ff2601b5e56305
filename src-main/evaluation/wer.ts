/**
 * Word and character error rate (WER, CER): edits over the length of the reference, as jiwer
 * counts them. Nothing is normalised here unless the caller does it: say which form you report.
 */

import { countEdits, type EditCounts } from './edit-distance.ts';
import { splitWhitespace, stripWhitespace } from './whitespace.ts';

/**
 * The form that transcripts are compared in: Unicode NFKC, lower case, typographic apostrophes
 * made plain, every mark and symbol but an apostrophe inside a word made a space, invisible
 * format characters (soft hyphens) removed, one space between words. Numbers, contractions and
 * spellings are left as they are.
 */
export function normaliseForWer(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[’ʼ]/gu, "'")
    .replace(/(?<![\p{L}\p{N}])'|'(?![\p{L}\p{N}])/gu, ' ')
    .replace(/(?!')[\p{P}\p{S}]/gu, ' ');
  return splitWhitespace(words).join(' ');
}

/** Edits between words, which are what white space parts. */
export function wordErrors(reference: string, hypothesis: string): EditCounts {
  return countEdits(splitWhitespace(reference), splitWhitespace(hypothesis));
}

/** Edits between code points. Spaces inside the text count, those around it do not. */
export function characterErrors(reference: string, hypothesis: string): EditCounts {
  return countEdits(
    Array.from(stripWhitespace(reference)),
    Array.from(stripWhitespace(hypothesis)),
  );
}

/**
 * Edits over the tokens of the reference, as a fraction: 0 is perfect, and more than 1 is possible.
 * An empty reference counts as one token long, so the rate is then the number of insertions.
 */
export function errorRate(counts: EditCounts): number {
  const [errors, length] = errorStatistics(counts);
  return errors / Math.max(1, length);
}

/** The rate of a corpus is the rate of the summed counts: long sentences weigh more. */
export function sumEdits(list: readonly EditCounts[]): EditCounts {
  let [hits, substitutions, deletions, insertions] = [0, 0, 0, 0];
  for (const counts of list) {
    hits += counts.hits;
    substitutions += counts.substitutions;
    deletions += counts.deletions;
    insertions += counts.insertions;
  }
  return { hits, substitutions, deletions, insertions };
}

/** `[errors, tokens of the reference]`: what the bootstrap sums (bootstrap.ts, ratioOfSums). */
export function errorStatistics(counts: EditCounts): readonly [number, number] {
  const { hits, substitutions, deletions, insertions } = counts;
  return [substitutions + deletions + insertions, hits + substitutions + deletions];
}
