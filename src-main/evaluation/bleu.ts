/**
 * Corpus BLEU (Papineni et al. 2002) as sacreBLEU 2.x computes it by default (Post 2018): 13a
 * tokens, case kept, n-grams up to 4, exponential smoothing (Chen and Cherry 2014, method 3). The
 * score runs from 0 to 100, higher is better.
 */

import { VeerError } from '../contract/errors.ts';
import { countMatches, countNGrams } from './n-grams.ts';
import { sumStatistics } from './statistics-sum.ts';
import { splitWhitespace, stripWhitespace } from './whitespace.ts';

const ORDER = 4;
const WIDTH = 2 + 2 * ORDER;

/**
 * Score of a corpus.
 *
 * @param references for every hypothesis its references, at least one
 * @throws VeerError OPTION_INVALID where the lengths differ or a reference is missing.
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly (readonly string[])[],
): number {
  if (hypotheses.length !== references.length) {
    throw new VeerError(
      'OPTION_INVALID',
      `There are ${hypotheses.length} hypotheses, but references for ${references.length}.`,
    );
  }
  const list = hypotheses.map((text, i) => bleuStatistics(text, references[i] ?? []));
  return bleuFromStatistics(sumStatistics(list, WIDTH));
}

/**
 * Score of one sentence: orders that it is too short for do not count (sacreBLEU's effective order).
 *
 * @throws VeerError OPTION_INVALID without a reference.
 */
export function sentenceBleu(hypothesis: string, references: readonly string[]): number {
  const statistics = bleuStatistics(hypothesis, references);
  const longest = statistics.slice(2 + ORDER, WIDTH).filter((count) => count > 0).length;
  return scoreOf(statistics, longest);
}

/**
 * `[hypothesis length, closest reference length, matches of order 1…4, n-grams of order 1…4]`, in
 * tokens. Sums over sentences are statistics of a corpus.
 *
 * @throws VeerError OPTION_INVALID without a reference.
 */
export function bleuStatistics(
  hypothesis: string,
  references: readonly string[],
): readonly number[] {
  if (references.length === 0) {
    throw new VeerError('OPTION_INVALID', 'BLEU needs at least one reference.');
  }
  const tokens = tokenise13a(hypothesis);
  const referenceTokens = references.map(tokenise13a);
  const matches: number[] = [];
  const totals: number[] = [];
  for (let n = 1; n <= ORDER; n += 1) {
    const highest = new Map<string, number>();
    for (const reference of referenceTokens) {
      for (const [key, count] of countNGrams(reference, n, ' ')) {
        highest.set(key, Math.max(count, highest.get(key) ?? 0));
      }
    }
    matches.push(countMatches(countNGrams(tokens, n, ' '), highest));
    totals.push(Math.max(0, tokens.length - n + 1));
  }
  const lengths = referenceTokens.map((reference) => reference.length);
  return [tokens.length, closest(tokens.length, lengths), ...matches, ...totals];
}

/** An order that the corpus is too short for makes the score 0, as in sacreBLEU. */
export function bleuFromStatistics(statistics: readonly number[]): number {
  return scoreOf(statistics, ORDER);
}

/** @param order of the longest n-grams that count */
function scoreOf(statistics: readonly number[], order: number): number {
  const [hypothesisLength = 0, referenceLength = 0] = statistics;
  const matches = statistics.slice(2, 2 + order);
  const totals = statistics.slice(2 + ORDER, 2 + ORDER + order);
  if (matches.every((count) => count === 0) || totals.some((count) => count === 0)) return 0;
  let logPrecision = 0;
  let smoothing = 1;
  matches.forEach((count, i) => {
    if (count === 0) smoothing *= 2;
    const precision = (count === 0 ? 1 / smoothing : count) / (totals[i] ?? 1);
    logPrecision += Math.log(100 * precision) / order;
  });
  const brevity = Math.min(1, Math.exp(1 - referenceLength / hypothesisLength));
  return brevity * Math.exp(logPrecision);
}

/** The length nearest to that of the hypothesis; of two as near, the shorter. */
function closest(length: number, lengths: readonly number[]): number {
  const distance = (other: number) => Math.abs(other - length);
  return lengths.reduce((best, other) =>
    distance(other) < distance(best) || (distance(other) === distance(best) && other < best)
      ? other
      : best,
  );
}

/** The tokens of mteval-v13a.pl, as sacreBLEU's tokeniser `13a` makes them. */
export function tokenise13a(text: string): string[] {
  const line = stripWhitespace(text)
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const spaced = ` ${line} `
    .replace(/[{-~[-` -&(-+:-@/]/gu, ' $& ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
  return splitWhitespace(spaced);
}
