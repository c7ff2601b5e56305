/** Step sizes as a person types them. */

export type TypedAlphas =
  /** Nothing typed: the program chooses. */
  | { readonly state: 'open' }
  /** Ascending, with 0 (the plain output) always among them. */
  | { readonly state: 'chosen'; readonly values: readonly number[] }
  | { readonly state: 'not-a-number'; readonly word: string }
  | { readonly state: 'too-many'; readonly most: number };

/** Columns that can be read beside each other; the contract allows more. */
const MOST = 8;
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;

/**
 * Reads numbers with spaces, commas or semicolons between them. A single comma between digits is a
 * decimal comma, as in German; with several of them they are separators.
 */
export function parseAlphas(text: string): TypedAlphas {
  const words = text
    .replaceAll('\u2212', '-')
    .split(/[\s;]+/)
    .flatMap(wordsOf);
  if (words.length === 0) return { state: 'open' };
  const wrong = words.find((word) => !NUMBER.test(word) || !Number.isFinite(Number(word)));
  if (wrong !== undefined) return { state: 'not-a-number', word: wrong };
  // Adding 0 turns -0 into the plain 0 that it means.
  const chosen = [...new Set([0, ...words.map((word) => Number(word) + 0)])];
  if (chosen.length > MOST) return { state: 'too-many', most: MOST - 1 };
  return { state: 'chosen', values: chosen.toSorted((a, b) => a - b) };
}

function wordsOf(piece: string): readonly string[] {
  const trimmed = piece.replace(/^,+|,+$/g, '');
  if (DECIMAL_COMMA.test(trimmed)) return [trimmed.replace(',', '.')];
  return trimmed.split(/,+/).filter((word) => word !== '');
}
