/** Keys of a long list of things that can be opened, renamed and deleted. */

import type { Step } from './list-cursor.svelte.ts';

/** The part of a KeyboardEvent that counts. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export type ListAction =
  | { readonly type: 'move'; readonly step: Step; readonly extend: boolean }
  | { readonly type: 'delete' | 'rename' | 'clear' };

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: 'first',
  End: 'last',
};
const ACTIONS: Readonly<Record<string, 'delete' | 'rename' | 'clear'>> = {
  Delete: 'delete',
  F2: 'rename',
  Escape: 'clear',
};

/** Null for a key that the list leaves alone. */
export function listActionOf(press: KeyPress): ListAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const step = STEPS[press.key];
  if (step !== undefined) return { type: 'move', step, extend: press.shiftKey };
  const type = press.shiftKey ? undefined : ACTIONS[press.key];
  return type === undefined ? null : { type };
}
