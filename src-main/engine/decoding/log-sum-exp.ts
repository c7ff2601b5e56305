/**
 * log Σ exp(values − max) over a vocabulary, for every row at every step. `Math.exp` was a tenth of
 * the decoding time of a small translator, so exp is taken from a table and a short series:
 * e^−(k + r)/256 = table[k] · e^−r/256 with 0 ≤ r < 1, where two terms are exact to 1e-8. What is far
 * below is clamped, not skipped: a branch in the loop makes it take more than twice as long.
 */

const STEPS_PER_UNIT = 256;
/** e^−32 = 1e-14 and below adds nothing that a float32 logit could tell: its entry is 0. */
const LAST = 32 * STEPS_PER_UNIT;
const EXPONENTIALS = Float64Array.from({ length: LAST + 1 }, (_, k) =>
  k === LAST ? 0 : Math.exp(-k / STEPS_PER_UNIT),
);
const FIRST_TERM = 1 / STEPS_PER_UNIT;
const SECOND_TERM = FIRST_TERM ** 2 / 2;

/**
 * @param values logits; −∞ for forbidden tokens
 * @param max the largest of them
 * @returns at least 0: minus the log-probability of the largest; NaN where a value is NaN
 */
export function logSumExpAbove(values: Float32Array, max: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const steps = Math.min((max - (values[i] as number)) * STEPS_PER_UNIT, LAST);
    const whole = steps | 0;
    const rest = whole - steps;
    sum += (EXPONENTIALS[whole] as number) * (1 + rest * (FIRST_TERM + rest * SECOND_TERM));
  }
  return Math.log(sum);
}
