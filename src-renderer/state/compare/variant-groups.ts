/** The versions of one unit for whoever looks closely: equal texts are one version. */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import { countEdits } from '../../../src-main/evaluation/edit-distance.ts';

export interface VariantGroup {
  /** Every α that gave this text, ascending. */
  readonly alphas: readonly number[];
  readonly text: string;
  /** The token limit ended it at some α, so that text may be missing. */
  readonly cut: boolean;
}

/** In the order of the smallest α. */
export function groupVariants(unit: SegmentView): readonly VariantGroup[] {
  const groups = new Map<string, { alphas: number[]; text: string; cut: boolean }>();
  for (const { alpha, text, finishReason } of ascending(unit)) {
    const cut = finishReason === 'length';
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { alphas: [alpha], text, cut });
    else {
      group.alphas.push(alpha);
      group.cut ||= cut;
    }
  }
  return [...groups.values()];
}

/** What is known of one α: predicted, not measured, and measured against plain output. */
export interface AlphaPoint {
  readonly alpha: number;
  /** In the metric of the proxy; null where it was not predicted. */
  readonly predictedScore: number | null;
  /** Words inserted, deleted or substituted since the plain output; null where that is missing. */
  readonly editsFromPlain: number | null;
  readonly averageLogProbability: number;
}

/** Ascending α. */
export function alphaPoints(unit: SegmentView): readonly AlphaPoint[] {
  const plain = unit.variants.find(({ alpha }) => alpha === 0);
  return ascending(unit).map(({ alpha, text, predictedScore, averageLogProbability }) => ({
    alpha,
    predictedScore,
    editsFromPlain: plain === undefined ? null : wordEdits(plain.text, text),
    averageLogProbability,
  }));
}

function wordEdits(before: string, after: string): number {
  const { substitutions, deletions, insertions } = countEdits(words(before), words(after));
  return substitutions + deletions + insertions;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

function ascending(unit: SegmentView): SegmentView['variants'] {
  return unit.variants.toSorted((a, b) => a.alpha - b.alpha);
}
