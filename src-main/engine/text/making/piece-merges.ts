/** The merges of a SentencePiece model of the kind BPE, which has pieces with scores only. */

/** `at` counts the merges of known pieces before this one. */
export interface PlacedMerge {
  readonly at: number;
  readonly left: string;
  readonly right: string;
}

export interface PieceMerges {
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** Merges of which a part or the result is not known to the vocabulary. */
  readonly passing: readonly PlacedMerge[];
}

/**
 * Every way to make a piece of two others, the best score first: SentencePiece merges any neighbours
 * whose text is a piece.
 *
 * @param isKnown whether the vocabulary has the piece
 */
export function pieceMerges(
  pieces: readonly { readonly text: string; readonly score: number }[],
  isKnown: (piece: string) => boolean,
): PieceMerges {
  const texts = new Set(pieces.map(({ text }) => text));
  const merges: (readonly [string, string])[] = [];
  const passing: PlacedMerge[] = [];
  for (const { text } of pieces.toSorted((a, b) => b.score - a.score)) {
    for (let i = 1; i < text.length; i++) {
      const [left, right] = [text.slice(0, i), text.slice(i)];
      if (!texts.has(left) || !texts.has(right)) continue;
      if ([text, left, right].every(isKnown)) merges.push([left, right]);
      else passing.push({ at: merges.length, left, right });
    }
  }
  return { merges, passing };
}
