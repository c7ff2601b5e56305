/** Counting n-grams: what chrF and BLEU have in common. */

export type NGramCounts = ReadonlyMap<string, number>;

/** Counts of the n-grams of one order; the tokens of each are joined with `glue`. */
export function countNGrams(tokens: readonly string[], order: number, glue: string): NGramCounts {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= tokens.length; i += 1) {
    const key = tokens.slice(i, i + order).join(glue);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Sum over the n-grams of both sides of the smaller of the two counts. */
export function countMatches(hypothesis: NGramCounts, reference: NGramCounts): number {
  let matches = 0;
  for (const [key, count] of hypothesis) matches += Math.min(count, reference.get(key) ?? 0);
  return matches;
}
