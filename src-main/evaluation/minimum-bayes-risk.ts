/**
 * Minimum Bayes risk (Kumar and Byrne 2004): of several texts for one input, the one that is most like
 * the others, which stand for what might be right. Every text weighs the same, and texts that were
 * found more than once count as often.
 */

/**
 * @param candidates at least one
 * @param utility how good the first text is where the second is right; the higher the better
 * @returns the place of the candidate with the highest mean utility; of equals the first
 */
export function minimumBayesRisk(
  candidates: readonly string[],
  utility: (hypothesis: string, reference: string) => number,
): number {
  const known = new Map<string, number>();
  const utilityOf = (hypothesis: string, reference: string) => {
    const key = `${hypothesis}\n${reference}`;
    const value = known.get(key) ?? utility(hypothesis, reference);
    known.set(key, value);
    return value;
  };
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (const [i, candidate] of candidates.entries()) {
    let sum = 0;
    for (const [k, other] of candidates.entries()) if (k !== i) sum += utilityOf(candidate, other);
    // Sums of equal texts may differ in their last digits, by the order they were added in.
    if (sum > most + 1e-9) [best, most] = [i, sum];
  }
  return best;
}
