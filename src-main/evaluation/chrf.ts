/**
 * chrF (Popović 2015) and chrF++ (Popović 2017) as sacreBLEU 2.x computes them by default:
 * character n-grams up to 6 without white space, β = 2, effective order, case kept. The score runs
 * from 0 to 100, higher is better.
 */

import { VeerError } from '../contract/errors.ts';
import { countMatches, countNGrams, type NGramCounts } from './n-grams.ts';
import { sumStatistics } from './statistics-sum.ts';
import { splitWhitespace } from './whitespace.ts';

export type ChrfOptions = {
  /** Highest order of word n-grams: 0 is chrF, 2 is chrF++. Default 0. */
  readonly wordOrder?: 0 | 2;
};

const CHARACTER_ORDER = 6;
const BETA_SQUARED = 4;
const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** Score of one sentence; of several references the best counts. */
export function sentenceChrf(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): number {
  return chrfFromStatistics(chrfStatistics(hypothesis, references, options));
}

/**
 * Score of a corpus, from the summed statistics of its sentences.
 *
 * @param references for every hypothesis its references, at least one
 * @throws VeerError OPTION_INVALID where the lengths differ or a reference is missing.
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): number {
  if (hypotheses.length !== references.length) {
    throw new VeerError(
      'OPTION_INVALID',
      `There are ${hypotheses.length} hypotheses, but references for ${references.length}.`,
    );
  }
  const list = hypotheses.map((text, i) => chrfStatistics(text, references[i] ?? [], options));
  return chrfFromStatistics(sumStatistics(list, list[0]?.length ?? 0));
}

/**
 * Three numbers per n-gram order: n-grams of the hypothesis, of the reference, and matches; of
 * several references, for the one with the best score. Sums over sentences are statistics too.
 *
 * @throws VeerError OPTION_INVALID without a reference.
 */
export function chrfStatistics(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): readonly number[] {
  const wordOrder = options.wordOrder ?? 0;
  const hypothesisCounts = allCounts(hypothesis, wordOrder);
  let best: number[] | null = null;
  let bestScore = -1;
  for (const reference of references) {
    const statistics = compare(hypothesisCounts, allCounts(reference, wordOrder));
    const score = chrfFromStatistics(statistics);
    if (score > bestScore) {
      best = statistics;
      bestScore = score;
    }
  }
  if (best === null) throw new VeerError('OPTION_INVALID', 'chrF needs at least one reference.');
  return best;
}

/** Precision and recall are averaged over the orders that both sides have n-grams of. */
export function chrfFromStatistics(statistics: readonly number[]): number {
  let [precision, recall, orders] = [0, 0, 0];
  for (let i = 0; i + 2 < statistics.length; i += 3) {
    const [inHypothesis = 0, inReference = 0, matches = 0] = statistics.slice(i, i + 3);
    if (inHypothesis > 0 && inReference > 0) {
      precision += matches / inHypothesis;
      recall += matches / inReference;
      orders += 1;
    }
  }
  if (precision + recall === 0) return 0;
  precision /= orders;
  recall /= orders;
  return (100 * (1 + BETA_SQUARED) * precision * recall) / (BETA_SQUARED * precision + recall);
}

function compare(hypothesis: readonly NGramCounts[], reference: readonly NGramCounts[]): number[] {
  return hypothesis.flatMap((counts, i) => {
    const other = reference[i] ?? new Map<string, number>();
    const total = sum(other);
    // sacreBLEU leaves out what no reference could have matched.
    return [total > 0 ? sum(counts) : 0, total, countMatches(counts, other)];
  });
}

function sum(counts: NGramCounts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

function allCounts(text: string, wordOrder: number): NGramCounts[] {
  const counts: NGramCounts[] = [];
  const characters = Array.from(splitWhitespace(text).join(''));
  for (let n = 1; n <= CHARACTER_ORDER; n += 1) counts.push(countNGrams(characters, n, ''));
  const words = wordOrder > 0 ? wordsAndMarks(text) : [];
  for (let n = 1; n <= wordOrder; n += 1) counts.push(countNGrams(words, n, ' '));
  return counts;
}

/** One mark is parted from a word, at its end or else at its start, as in the original chrF++. */
function wordsAndMarks(text: string): string[] {
  return splitWhitespace(text).flatMap((word) => {
    const characters = Array.from(word);
    if (characters.length === 1) return [word];
    const last = characters.at(-1) ?? '';
    if (PUNCTUATION.has(last)) return [word.slice(0, -1), last];
    const first = characters[0] ?? '';
    if (PUNCTUATION.has(first)) return [first, word.slice(1)];
    return [word];
  });
}
