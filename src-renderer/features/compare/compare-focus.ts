/** What has the focus, for the keys of the comparison (state/compare/compare-keys.ts). */

import type { KeyFocus } from '../../state/compare/compare-keys.ts';

const TYPING =
  'input:not([type="checkbox"], [type="radio"], [type="range"]), textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="listbox"]';

/** @param view the element of the comparison */
export function focusOf(target: EventTarget | null, view: Element | undefined): KeyFocus {
  if (!(target instanceof Element)) return 'unit';
  if (target.closest(TYPING) !== null) return 'typing';
  if (target.matches('[data-unit]') || target === document.body) return 'unit';
  // Whatever else can have the focus may want the arrow keys and Space for itself.
  return view?.contains(target) === true && !target.matches(CONTROL) ? 'unit' : 'control';
}

const CONTROL = 'button, a, summary, input, [role="slider"], [role="tab"], [role="button"]';
