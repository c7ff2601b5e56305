/** A whole number that a person types, within bounds. */

interface Bounds {
  readonly least: number;
  readonly most: number;
}

type WholeNumber =
  | { readonly state: 'good'; readonly value: number }
  | { readonly state: 'no-number' }
  | { readonly state: 'out-of-bounds' };

/** Digits alone: a point or a comma would mean different things to different people. */
export function parseWholeNumber(text: string, { least, most }: Bounds): WholeNumber {
  const digits = text.trim();
  if (!/^\d+$/.test(digits)) return { state: 'no-number' };
  const value = Number(digits);
  if (value < least || value > most) return { state: 'out-of-bounds' };
  return { state: 'good', value };
}
