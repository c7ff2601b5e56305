/**
 * Where one is in a long list, and what is selected in it: one row takes part in the tab order, arrow
 * keys move to others, Shift extends a selection from where it began.
 */

export type Step = number | 'first' | 'last';

/** What is held down while a row is clicked. */
export interface Held {
  readonly shift: boolean;
  /** Ctrl, or Cmd. */
  readonly ctrl: boolean;
}

const NONE: ReadonlySet<string> = new Set();

export class ListCursor {
  /** Empty while a single row is all that is meant. */
  selected: ReadonlySet<string> = $state.raw(NONE);
  /** Row that is to take the focus once it is there; '' for what stands over the rows. */
  focusWanted: string | null = $state(null);
  #last: string | null = $state(null);
  #anchor: string | null = null;
  readonly #ids: () => readonly string[];

  /** @param ids of the rows, in their order */
  constructor(ids: () => readonly string[]) {
    this.#ids = ids;
  }

  /** Row that takes part in the tab order; null in an empty list. */
  get active(): string | null {
    const ids = this.#ids();
    return this.#last !== null && ids.includes(this.#last) ? this.#last : (ids[0] ?? null);
  }

  /** @param extend selects from where the selection began to the new row */
  move(step: Step, extend: boolean): void {
    const ids = this.#ids();
    const from = this.active === null ? 0 : ids.indexOf(this.active);
    const to = step === 'first' ? 0 : step === 'last' ? ids.length - 1 : from + step;
    const id = ids[Math.min(Math.max(0, to), ids.length - 1)];
    if (id === undefined) return;
    if (extend) this.#extendTo(id);
    else this.clear();
    this.focus(id);
  }

  /** @returns whether the row is to be opened: nothing was selected by this click */
  click(id: string, { shift, ctrl }: Held): boolean {
    if (shift) this.#extendTo(id);
    else if (ctrl) this.#toggle(id);
    else this.clear();
    this.#last = id;
    return !shift && !ctrl;
  }

  /** Selects nothing. */
  clear(): void {
    this.selected = NONE;
    this.#anchor = null;
  }

  /** The row has the focus. */
  reach(id: string): void {
    this.#last = id;
  }

  focus(id: string): void {
    this.#last = id;
    this.focusWanted = id;
  }

  /** What an action on a row is meant for: the selection, where the row is part of it. */
  meant(id: string): readonly string[] {
    return this.selected.has(id) ? this.#ids().filter((one) => this.selected.has(one)) : [id];
  }

  /** Row that takes the place of rows that go; '' where none is left. */
  neighbour(gone: ReadonlySet<string>): string {
    const ids = this.#ids();
    const last = ids.findLastIndex((id) => gone.has(id));
    const stays = (id: string) => !gone.has(id);
    return ids.slice(last + 1).find(stays) ?? ids.slice(0, last + 1).findLast(stays) ?? '';
  }

  #extendTo(id: string): void {
    const ids = this.#ids();
    this.#anchor ??= this.active;
    const [from, to] = [ids.indexOf(this.#anchor ?? id), ids.indexOf(id)].toSorted((a, b) => a - b);
    this.selected = new Set(ids.slice(Math.max(0, from ?? 0), (to ?? 0) + 1));
  }

  #toggle(id: string): void {
    const selected = new Set(this.selected);
    // The row that one was on is part of what one adds to.
    if (selected.size === 0 && this.#last !== null && this.active === this.#last) {
      selected.add(this.#last);
    }
    if (selected.has(id) && selected.size > 1) selected.delete(id);
    else selected.add(id);
    this.selected = selected;
    this.#anchor = id;
  }
}
