/** Deletions that can be undone for a while, the newest first. */

export interface Deletion<Row> {
  readonly itemIds: readonly string[];
  /** Of the first one, for people. */
  readonly name: string;
  /** Moment at which it can no longer be undone: milliseconds since 1970. */
  readonly until: number;
  /** Those that were listed, to be put back in their places. */
  readonly rows: readonly Row[];
  /** Ids of all rows that were listed then. */
  readonly order: readonly string[];
}

const SECOND = 1000;

export class DeletionsState<Row> {
  #deletions: readonly Deletion<Row>[] = $state.raw([]);
  #now = $state(0);
  /** The one that undo takes back; null where there is none. */
  readonly newest = $derived(this.#deletions.at(-1) ?? null);
  /** Whole seconds in which the newest can be undone; 0 when that is over. */
  readonly secondsLeft = $derived(
    this.newest === null ? 0 : Math.max(0, Math.ceil((this.newest.until - this.#now) / SECOND)),
  );
  #held = false;
  #clock: ReturnType<typeof setInterval> | undefined;

  add(deletion: Deletion<Row>): void {
    this.#deletions = [...this.#deletions, deletion];
    this.#tick();
    this.#clock ??= setInterval(() => this.#tick(), SECOND);
  }

  /** Undone, or of no interest any more. */
  remove(deletion: Deletion<Row>): void {
    this.#deletions = this.#deletions.filter((one) => one !== deletion);
    this.#tick();
  }

  /** While somebody points at it, the newest stays to be seen, though its time may be over. */
  hold(held: boolean): void {
    this.#held = held;
    this.#tick();
  }

  #tick(): void {
    this.#now = Date.now();
    const { newest } = this;
    const stays = (one: Deletion<Row>) => one.until > this.#now || (this.#held && one === newest);
    if (!this.#deletions.every(stays)) this.#deletions = this.#deletions.filter(stays);
    if (this.#deletions.length > 0) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }
}
