/**
 * What a person does to units, and how it is taken back. A unit tells only of the version that is
 * its text, so changes are made in rounds: each names a unit once and corrects only what is seen.
 */

import type { SegmentView, UnitChange } from '../../../src-main/contract/history.ts';

/** Changes that were made together, and those that give back what was before. */
export interface Edit {
  readonly forward: readonly UnitChange[];
  readonly inverse: readonly UnitChange[];
}

export const NO_EDIT: Edit = { forward: [], inverse: [] };

export function joinedEdits(first: Edit, second: Edit): Edit {
  return {
    forward: [...first.forward, ...second.forward],
    inverse: [...second.inverse, ...first.inverse],
  };
}

export interface Round {
  readonly edit: Edit;
  /** To be looked at again when the answer to this round is known. */
  readonly later: readonly UnitChange[];
}

/**
 * The next round. What would do nothing is left out, since its inverse would do something; so is
 * what concerns a unit that is not known.
 *
 * @param unitAt a unit as it stands now
 */
export function roundOf(
  changes: readonly UnitChange[],
  unitAt: (index: number) => SegmentView | undefined,
): Round {
  const named = new Set<number>();
  const later: UnitChange[] = [];
  const forward: UnitChange[] = [];
  const inverse: UnitChange[] = [];
  for (const change of changes) {
    const unit = unitAt(change.index);
    if (unit === undefined) continue;
    if (named.has(change.index)) {
      later.push(change);
      continue;
    }
    const [first = change, ...rest] = seen(change, unit);
    const back = inverseOf(first, unit);
    if (back === null) continue;
    named.add(change.index);
    forward.push(first);
    inverse.unshift(...back);
    later.push(...rest);
  }
  return { edit: { forward, inverse }, later };
}

/** A version that is not the text is made the text for as long as it is corrected. */
function seen(change: UnitChange, unit: SegmentView): readonly UnitChange[] {
  const { index, alpha } = change;
  if (change.type === 'choose' || alpha === unit.chosenAlpha) return [change];
  return [{ type: 'choose', index, alpha }, change, choiceOf(unit)];
}

/** Null where the change does nothing. */
function inverseOf(change: UnitChange, unit: SegmentView): readonly UnitChange[] | null {
  const { index, alpha } = change;
  const before = choiceOf(unit);
  if (change.type === 'choose') return alpha === before.alpha ? null : [before];
  const text = change.text === null ? (unit.correction?.text ?? null) : null;
  if (change.text === null ? text === null : change.text === unit.text) return null;
  const back: UnitChange = { type: 'correct', index, alpha: change.alpha, text };
  // Correcting the text counts as choosing its version.
  return unit.reviewed ? [back] : [back, before];
}

function choiceOf({ index, reviewed, chosenAlpha }: SegmentView): UnitChange {
  return { type: 'choose', index, alpha: reviewed ? chosenAlpha : null };
}
