/** What stands in the list of the editor, and which of it is being played. */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import type { Job } from '../../../src-main/contract/jobs.ts';
import type { PartialText } from '../queue/queue-state.svelte.ts';

export type EditorRow =
  | { readonly type: 'unit'; readonly index: number; readonly unit: SegmentView }
  /** A unit while its text grows: to be read, not to be changed. */
  | { readonly type: 'growing'; readonly index: number; readonly text: string };

/** @param units ascending @param growing of units that may have been stored meanwhile */
export function editorRows(
  units: readonly SegmentView[],
  growing: readonly PlainPartial[],
): EditorRow[] {
  const rows: EditorRow[] = units.map((unit) => ({ type: 'unit', index: unit.index, unit }));
  const stored = new Set(growing.length === 0 ? [] : units.map(({ index }) => index));
  const missing = growing.filter(({ index, text }) => !stored.has(index) && text.trim() !== '');
  if (missing.length === 0) return rows;
  rows.push(...missing.map(({ index, text }) => ({ type: 'growing' as const, index, text })));
  return rows.sort((a, b) => a.index - b.index);
}

export interface PlainPartial {
  readonly index: number;
  readonly text: string;
}

const NONE: readonly PlainPartial[] = [];

/** The plain text of each unit of a run that is growing in its first job. */
export function plainPartials(
  runId: string | undefined,
  jobs: readonly Job[],
  partials: Readonly<Record<string, PartialText>>,
): readonly PlainPartial[] {
  const found = jobs.flatMap((job) => {
    const partial = partials[job.id];
    if (job.runId !== runId || job.work.kind !== 'whole' || partial === undefined) return [];
    const plain = Math.max(0, job.settings.alphas?.indexOf(0) ?? 0);
    return [{ index: partial.index, text: partial.texts[plain] ?? '' }];
  });
  // The same each time, so that what other jobs write is no reason to draw the list again.
  return found.length === 0 ? NONE : found;
}

/** The machine wrote something else in the version that is the text. */
export function isCorrected(unit: SegmentView): boolean {
  return unit.correction !== null && unit.text !== machineText(unit);
}

/** Of the version that is the text. */
export function machineText(unit: SegmentView): string {
  return unit.variants.find(({ alpha }) => alpha === unit.chosenAlpha)?.text ?? unit.text;
}

/** Seconds for which a unit counts as heard after its end, so that short silences mark nothing else. */
const AFTERWARDS = 1;

/**
 * The unit that is heard at a moment, or was heard just before it.
 *
 * @param units ascending; those without times are none of a recording
 * @param time seconds
 */
export function unitAt(units: readonly SegmentView[], time: number): SegmentView | null {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((units[middle]?.start ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  const unit = units[low - 1] ?? null;
  return unit !== null && time < (unit.end ?? Number.POSITIVE_INFINITY) + AFTERWARDS ? unit : null;
}
