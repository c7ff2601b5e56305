/** What was typed into units and is not stored yet. */

import type { UnitChange } from '../../../src-main/contract/history.ts';

export interface Draft {
  readonly runId: string;
  /** Of the unit. */
  readonly index: number;
  /** The version that is corrected. */
  readonly alpha: number;
  readonly text: string;
  /** Saves with the same key are undone as one. */
  readonly mergeKey: string;
  /** `failed`: could not be stored, and is kept to be tried again. */
  readonly state: 'typed' | 'saving' | 'failed';
}

type Place = Pick<Draft, 'runId' | 'index'>;

export function draftAt(drafts: readonly Draft[], place: Place): Draft | undefined {
  return drafts.find((draft) => isAt(draft, place));
}

/** With the draft in place of the one of the same unit. */
export function withDraft(drafts: readonly Draft[], draft: Draft): readonly Draft[] {
  return [...withoutDraft(drafts, draft), draft];
}

export function withoutDraft(drafts: readonly Draft[], place: Place): readonly Draft[] {
  return drafts.filter((draft) => !isAt(draft, place));
}

export function correctionOf({ index, alpha, text }: Draft): UnitChange {
  return { type: 'correct', index, alpha, text };
}

function isAt(draft: Draft, { runId, index }: Place): boolean {
  return draft.runId === runId && draft.index === index;
}
