/**
 * Plain output beside the alternative of one strength, unit by unit. Cheap, since it is made anew
 * for every unit of a long recording each time the strength changes: texts are only told apart here;
 * their words are compared where they are shown (unit-marks.ts).
 */

import type { SegmentView } from '../../../src-main/contract/history.ts';

type VariantView = SegmentView['variants'][number];

export interface UnitPair {
  readonly unit: SegmentView;
  readonly plain: VariantView | null;
  /** Null while it is not computed. */
  readonly alternative: VariantView | null;
  /** Null while they cannot be compared. */
  readonly differs: boolean | null;
}

export interface PairCounts {
  readonly units: number;
  /** Units that have both versions. */
  readonly compared: number;
  readonly differing: number;
  /** Of those that differ. */
  readonly reviewed: number;
}

function variantOf(unit: SegmentView, alpha: number): VariantView | null {
  return unit.variants.find((variant) => variant.alpha === alpha) ?? null;
}

export function pairOf(unit: SegmentView, alpha: number): UnitPair {
  const plain = variantOf(unit, 0);
  const alternative = variantOf(unit, alpha);
  const differs = plain === null || alternative === null ? null : plain.text !== alternative.text;
  return { unit, plain, alternative, differs };
}

export function countPairs(pairs: readonly UnitPair[]): PairCounts {
  let [compared, differing, reviewed] = [0, 0, 0];
  for (const { unit, differs } of pairs) {
    if (differs !== null) compared += 1;
    if (differs !== true) continue;
    differing += 1;
    if (unit.reviewed) reviewed += 1;
  }
  return { units: pairs.length, compared, differing, reviewed };
}

/** Which of the two a person has kept; `other` is a version of another strength. */
export type Kept = 'plain' | 'alternative' | 'other';

/** Null where nobody has decided. Versions with the same text are one. */
export function keptOf({ unit, plain, alternative }: UnitPair): Kept | null {
  if (!unit.reviewed) return null;
  const text = variantOf(unit, unit.chosenAlpha)?.text;
  if (unit.chosenAlpha === 0 || text === plain?.text) return 'plain';
  return text === alternative?.text ? 'alternative' : 'other';
}

/** Whether there is something to decide: versions that differ, or a decision to be changed. */
export function isDecidable(pair: UnitPair): boolean {
  return pair.differs === true || pair.unit.reviewed;
}
