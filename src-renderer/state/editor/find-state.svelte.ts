/** Finding words in the open item, and replacing them. */

import type { SegmentView } from '../../../src-main/contract/history.ts';
import type { ItemState } from '../item/item-state.svelte.ts';
import { finderOf, replaced, type Span } from './find-matches.ts';

/** A place in the item: a unit, and where in its text. */
interface Place {
  readonly index: number;
  readonly offset: number;
}

export interface Match extends Span {
  /** Of the unit. */
  readonly index: number;
}

const START: Place = { index: 0, offset: 0 };

export class FindState {
  open = $state(false);
  query = $state('');
  replacement = $state('');
  matchCase = $state(false);
  wholeWords = $state(false);
  /** How many were replaced last; null where nothing was since something else was looked for. */
  replacedCount: number | null = $state(null);
  /** Many replacements take a moment. */
  replacing = $state(false);
  /** Whether a person went from match to match. */
  visited = $state(false);
  /** The match at or behind it is the one that is shown. */
  #place: Place = $state.raw(START);
  readonly #find = $derived(
    finderOf(this.open ? this.query : '', {
      matchCase: this.matchCase,
      wholeWords: this.wholeWords,
    }),
  );
  readonly matches: readonly Match[] = $derived.by(() =>
    this.#item.units.flatMap(({ index, text }) =>
      this.#find(text).map((span) => ({ ...span, index })),
    ),
  );
  /** Place in `matches`; -1 where there is none. */
  readonly position: number = $derived.by(() => {
    if (this.matches.length === 0) return -1;
    const at = this.matches.findIndex((match) => !isBefore(match, this.#place));
    return Math.max(0, at);
  });
  readonly current: Match | null = $derived(this.matches[this.position] ?? null);
  readonly #item: ItemState;
  readonly #saveAll: () => Promise<void>;

  /** @param saveAll makes the units of the item what is seen */
  constructor(item: ItemState, saveAll: () => Promise<void>) {
    this.#item = item;
    this.#saveAll = saveAll;
  }

  /** @param from index of the unit at which to begin @param query null keeps the one of before */
  show(from: number, query: string | null): void {
    this.open = true;
    this.visited = false;
    this.#place = { index: from, offset: 0 };
    if (query !== null) this.look(query);
  }

  look(query: string): void {
    this.query = query;
    this.replacedCount = null;
  }

  close(): void {
    this.open = false;
    this.replacedCount = null;
  }

  /** For another item. */
  reset(): void {
    this.close();
    this.#place = START;
  }

  /** To the next one or the one before; from the last to the first. */
  go(direction: 1 | -1): void {
    const count = this.matches.length;
    if (count === 0) return;
    this.visited = true;
    this.#show(this.matches[(this.position + direction + count) % count]);
  }

  /** In a text that may not be stored yet. */
  spansIn(text: string): readonly Span[] {
    return this.#find(text);
  }

  /** Replaces the match that is shown, and shows the next one. */
  replaceCurrent(): Promise<void> {
    return this.#replace(async () => {
      const match = this.current;
      const unit = match === null ? undefined : this.#item.unit(match.index);
      if (match === null || unit === undefined) return;
      const { index, start } = match;
      if (!(await this.#item.change([this.#correction(unit, [match])]))) return;
      this.visited = true;
      this.#place = { index, offset: start + this.replacement.length };
    });
  }

  /** Undone as one. */
  replaceAll(): Promise<void> {
    return this.#replace(async () => {
      const count = this.matches.length;
      const changes = [...Map.groupBy(this.matches, ({ index }) => index)].flatMap(
        ([index, spans]) => {
          const unit = this.#item.unit(index);
          return unit === undefined ? [] : [this.#correction(unit, spans)];
        },
      );
      if (count > 0 && (await this.#item.change(changes))) this.replacedCount = count;
    });
  }

  /** One at a time; the second press of a button does nothing. */
  async #replace(work: () => Promise<void>): Promise<void> {
    if (this.replacing) return;
    this.replacing = true;
    this.replacedCount = null;
    await this.#saveAll();
    await work();
    this.replacing = false;
  }

  #correction({ index, chosenAlpha, text }: SegmentView, spans: readonly Span[]) {
    const corrected = replaced(text, spans, this.replacement);
    return { type: 'correct', index, alpha: chosenAlpha, text: corrected } as const;
  }

  #show(match: Match | undefined): void {
    if (match !== undefined) this.#place = { index: match.index, offset: match.start };
  }
}

function isBefore(match: Match, { index, offset }: Place): boolean {
  return match.index < index || (match.index === index && match.start < offset);
}
