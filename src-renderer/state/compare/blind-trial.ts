/**
 * Choosing without knowing which version is which: for each unit chance decides once which side
 * plain output is on.
 */

import type { SegmentView } from '../../../src-main/contract/history.ts';

export interface Tally {
  readonly plain: number;
  readonly alternative: number;
}

export class BlindTrial {
  /** By index; decided when first asked for, since units may still be coming. */
  readonly #plainLeft = new Map<number, boolean>();
  readonly #decidedBefore: ReadonlySet<number>;
  readonly #random: () => number;

  /**
   * @param units as they stand now; what was decided before does not count
   * @param random uniform in [0, 1)
   */
  constructor(units: readonly SegmentView[], random: () => number) {
    this.#decidedBefore = new Set(
      units.filter(({ reviewed }) => reviewed).map(({ index }) => index),
    );
    this.#random = random;
  }

  plainIsLeft(index: number): boolean {
    const known = this.#plainLeft.get(index);
    if (known !== undefined) return known;
    const left = this.#random() < 0.5;
    this.#plainLeft.set(index, left);
    return left;
  }

  /** Choices since the trial began; one that was taken back does not count. */
  tally(units: readonly SegmentView[]): Tally {
    const decided = units.filter(
      ({ index, reviewed }) => reviewed && !this.#decidedBefore.has(index),
    );
    const plain = decided.filter(({ chosenAlpha }) => chosenAlpha === 0).length;
    return { plain, alternative: decided.length - plain };
  }
}
