/** The list of items: search, pages, deletion that can be undone. */

import type { HistoryPage } from '../../src-main/contract/history.ts';
import type { AppClient } from '../bridge/app-client.ts';
import { type Problem, problemOf } from '../bridge/problem.ts';

export type ListedItem = HistoryPage['items'][number];

export interface Deletion {
  readonly itemIds: readonly string[];
  /** Of the first one, for people. */
  readonly name: string;
  /** Moment at which it can no longer be undone: milliseconds since 1970. */
  readonly until: number;
}

const PAGE = 50;

export class HistoryState {
  items: readonly ListedItem[] = $state.raw([]);
  total = $state(0);
  /** Words that are looked for; '' lists everything. */
  text = $state('');
  loaded = $state(false);
  /** The newest deletion, while it can be undone. */
  deletion: Deletion | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  #cursor: string | null = $state(null);
  readonly hasMore = $derived(this.#cursor !== null);
  readonly #client: AppClient;
  /** Answers to questions that are no longer asked are dropped. */
  #question = 0;
  #undoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: AppClient) {
    this.#client = client;
  }

  /** From the first page on, for the words of now. */
  load(): Promise<void> {
    return this.#ask(null, []);
  }

  search(text: string): Promise<void> {
    this.text = text;
    return this.load();
  }

  async more(): Promise<void> {
    if (this.#cursor !== null) await this.#ask(this.#cursor, this.items);
  }

  async delete(item: ListedItem): Promise<boolean> {
    const itemIds = [item.id];
    try {
      const { until } = await this.#client.history.delete({ itemIds });
      this.deletion = { itemIds, name: item.name, until };
      clearTimeout(this.#undoTimer);
      this.#undoTimer = setTimeout(
        () => {
          this.deletion = null;
        },
        Math.max(0, until - Date.now()),
      );
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    }
    await this.load();
    return true;
  }

  async undo(): Promise<void> {
    if (this.deletion === null) return;
    const itemIds = [...this.deletion.itemIds];
    this.deletion = null;
    try {
      await this.#client.history.restore({ itemIds });
    } catch (error) {
      this.problem = problemOf(error);
      return;
    }
    await this.load();
  }

  async #ask(cursor: string | null, before: readonly ListedItem[]): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    try {
      const page = await this.#client.history.list({ text: this.text, cursor, limit: PAGE });
      if (question !== this.#question) return;
      this.items = [...before, ...page.items];
      this.total = page.total;
      this.#cursor = page.cursor;
      this.loaded = true;
      this.problem = null;
    } catch (error) {
      if (question === this.#question) this.problem = problemOf(error);
    }
  }
}
