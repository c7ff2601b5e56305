/**
 * Where to go over from one text to the next, of two windows that overlap: in the middle of the
 * stretch in which their tokens agree best (`_find_longest_common_sequence` of Hugging Face's
 * `tokenization_whisper.py`). All ways to lay the end of the left over the begin of the right are
 * tried; the share of equal tokens decides, long stretches a little preferred, and one equal token
 * is none.
 */

export interface OverlapCut {
  /** Tokens of the left that count. */
  readonly left: number;
  /** Tokens of the right that do not. */
  readonly right: number;
}

/** What one more token of overlap is worth, as a share of equal tokens. */
const LENGTH_BONUS = 1 / 10_000;

export function overlapCut(left: readonly number[], right: readonly number[]): OverlapCut {
  let best = 0;
  let cut: OverlapCut = { left: left.length, right: 0 };
  for (let shift = 1; shift < left.length + right.length; shift++) {
    const leftStart = Math.max(0, left.length - shift);
    const leftEnd = Math.min(left.length, left.length + right.length - shift);
    const rightStart = Math.max(0, shift - left.length);
    const rightEnd = Math.min(right.length, shift);
    let equal = 0;
    for (let i = 0; i < leftEnd - leftStart; i++) {
      if (left[leftStart + i] === right[rightStart + i]) equal++;
    }
    const score = equal / shift + shift * LENGTH_BONUS;
    if (equal < 2 || score <= best) continue;
    best = score;
    cut = {
      left: Math.floor((leftStart + leftEnd) / 2),
      right: Math.floor((rightStart + rightEnd) / 2),
    };
  }
  return cut;
}
