/** Where the keyboard goes when a screen changes. */

/** To the heading of the screen, so that a screen reader says where one is. */
export function focusHeading(): void {
  focus(document.querySelector('main h1'));
}

/** Past the bar. Without an address: what follows `#` in it belongs to the key. */
export function focusContent(): void {
  focus(document.querySelector('main'));
}

function focus(element: Element | null): void {
  if (!(element instanceof HTMLElement)) return;
  element.tabIndex = -1;
  element.focus();
}
