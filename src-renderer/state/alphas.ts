/** Step sizes as a person types them. */

export type TypedAlphas =
  /** Nothing typed: the program chooses. */
  | { readonly state: 'automatic' }
  /** Ascending, with 0 (the plain output) always among them. */
  | { readonly state: 'chosen'; readonly values: readonly number[] }
  | { readonly state: 'wrong'; readonly message: string };

/** Columns that can be read beside each other; the contract allows more. */
const MOST = 8;

/** Reads numbers with spaces, commas or semicolons between them. */
export function parseAlphas(text: string): TypedAlphas {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  if (words.length === 0) return { state: 'automatic' };
  const values = words.map(Number);
  const wrong = words.find((_, index) => !Number.isFinite(values[index]));
  if (wrong !== undefined) {
    return { state: 'wrong', message: `“${wrong}” is not a number. Write, for example, 0.05 0.1` };
  }
  const chosen = [...new Set([0, ...values])].toSorted((a, b) => a - b);
  if (chosen.length > MOST) {
    return { state: 'wrong', message: `Choose at most ${MOST - 1} values.` };
  }
  return { state: 'chosen', values: chosen };
}
