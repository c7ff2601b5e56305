/** The α that a choice for every input is made among. */

/**
 * Plain, the suggested step, half and twice as much: one suggested step is chosen for the average
 * input, and some bear more or less.
 *
 * @param suggested of the proxy; 0 where it suggests none
 * @returns in the order in which equals are preferred
 */
export function automaticAlphas(suggested: number): readonly number[] {
  return suggested === 0 ? [0] : [0, suggested, suggested / 2, 2 * suggested];
}
