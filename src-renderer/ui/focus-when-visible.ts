/**
 * The focus in a list whose rows come and go: a row is hidden until it was measured, and what is hidden
 * cannot have the focus.
 */

/** That a row is waited for; it is measured in the first or second one. */
const FRAMES = 30;

/**
 * Gives the focus to a row as soon as it is there and can be seen.
 *
 * @param find the row, null while it is not there
 * @param wanted whether the focus is still meant for it
 * @returns the row, null where it did not get the focus
 */
export async function focusWhenVisible<Row extends HTMLElement>(
  find: () => Row | null | undefined,
  wanted: () => boolean,
): Promise<Row | null> {
  for (let frame = 0; frame < FRAMES && wanted(); frame += 1) {
    const row = find();
    row?.focus({ preventScroll: true });
    if (row && document.activeElement === row) return row;
    await new Promise(requestAnimationFrame);
  }
  return null;
}
