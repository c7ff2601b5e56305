/** A result in which an α was chosen for every segment, as the text that came of it. */

import type { Result, Segment } from '../contract/result.ts';

/** Whether an α was chosen for its segments. */
export function hasChoice({ segments }: Result): boolean {
  return segments.some(({ chosenAlpha }) => chosenAlpha !== undefined);
}

/**
 * The chosen variant of every segment, as the only one; a segment that nothing was chosen for
 * (silence, what is not translated) keeps its first. `alphas` is the chosen one, or 0 where several were.
 */
export function chosenResult(result: Result): Result {
  const segments = result.segments.map((segment) => ({
    ...segment,
    variants: [chosenVariant(segment)],
  }));
  const alphas = new Set(segments.map(({ variants }) => variants[0]?.alpha ?? 0));
  return { ...result, alphas: alphas.size === 1 ? [...alphas] : [0], segments };
}

/** The plain variant of every segment beside the chosen one. */
export function plainBesideChosen(result: Result): Result {
  const segments = result.segments.map((segment) => {
    const plain = segment.variants.find(({ alpha }) => alpha === 0);
    const chosen = chosenVariant(segment);
    return { ...segment, variants: plain === undefined ? [chosen] : [plain, chosen] };
  });
  return { ...result, segments };
}

function chosenVariant({ variants, chosenAlpha }: Segment): Segment['variants'][number] {
  const chosen = variants.find(({ alpha }) => alpha === chosenAlpha) ?? variants[0];
  if (chosen === undefined) throw new Error('A segment has no variant.');
  return chosen;
}
