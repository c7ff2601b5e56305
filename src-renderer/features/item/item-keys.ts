/** Keys that work wherever one is in the open item, for the key map and for whoever listens. */

import type { ItemViewName } from '../../state/session-state.svelte.ts';

export type ItemKey = 'export' | 'exportMenu' | 'rename' | ItemViewName;

/** `Ctrl` stands for Cmd on a Mac. The words are `i18n.t.item.keys[does]`. */
export const ITEM_KEYS: readonly { readonly keys: readonly string[]; readonly does: ItemKey }[] = [
  { keys: ['Ctrl', 'S'], does: 'export' },
  { keys: ['Ctrl', 'Shift', 'S'], does: 'exportMenu' },
  { keys: ['F2'], does: 'rename' },
  { keys: ['Alt', '1'], does: 'compare' },
  { keys: ['Alt', '2'], does: 'edit' },
  { keys: ['Alt', '3'], does: 'details' },
];

/** The part of a KeyboardEvent that counts. */
export interface ItemPress {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** By the place of the key: Alt writes other signs on a Mac. */
const VIEWS: Readonly<Record<string, ItemViewName>> = {
  Digit1: 'compare',
  Digit2: 'edit',
  Digit3: 'details',
};

/** Null for a key that is not ours. Works while typing too: none of these writes anything. */
export function itemKeyOf(press: ItemPress): ItemKey | null {
  const ctrl = press.ctrlKey || press.metaKey;
  if (press.altKey) {
    // With Ctrl it is AltGr, which writes signs.
    return ctrl || press.shiftKey ? null : (VIEWS[press.code] ?? null);
  }
  if (ctrl) {
    if (press.key.toLowerCase() !== 's') return null;
    return press.shiftKey ? 'exportMenu' : 'export';
  }
  return press.key === 'F2' && !press.shiftKey ? 'rename' : null;
}
