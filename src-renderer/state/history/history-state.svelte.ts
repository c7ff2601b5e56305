/**
 * The list of items: search, filters, pages, renaming, and deletion that can be undone. What changes
 * meanwhile is put into the pages that are there, so that nobody loses their place.
 */

import type {
  HistoryPage,
  HistoryQuery,
  Item,
  ItemKind,
} from '../../../src-main/contract/history.ts';
import type { JobState } from '../../../src-main/contract/jobs.ts';
import type { AppClient } from '../../bridge/app-client.ts';
import { type Problem, problemOf } from '../../bridge/problem.ts';
import { coalesced } from './coalesced.ts';
import { DeletionsState } from './deletions-state.svelte.ts';
import { headReplaced, rowsReturned } from './history-pages.ts';
import { ListCursor } from './list-cursor.svelte.ts';

export type ListedItem = HistoryPage['items'][number];

const PAGE = 200;
/** Milliseconds without typing after which a search begins. */
const PAUSE = 120;
/** More changed rows than this are read page by page. */
const FEW_ROWS = 20;

export class HistoryState {
  items: readonly ListedItem[] = $state.raw([]);
  readonly ids = $derived(this.items.map(({ id }) => id));
  /** Of all pages. */
  total = $state(0);
  /** Words that are looked for; '' lists everything. */
  text = $state('');
  /** Null: of every kind. */
  kind: ItemKind | null = $state(null);
  /** Null: in every state. */
  state: JobState | null = $state(null);
  loaded = $state(false);
  /** Of the list. */
  problem: Problem | null = $state.raw(null);
  /** Of what was asked for last: a new name, a deletion. */
  refusal: Problem | null = $state.raw(null);
  /** Where one is in the list. */
  readonly cursor = new ListCursor(() => this.ids);
  readonly deletions = new DeletionsState<ListedItem>();
  readonly narrowed = $derived(this.text !== '' || this.kind !== null || this.state !== null);
  #cursor: string | null = $state(null);
  readonly hasMore = $derived(this.#cursor !== null);
  readonly #client: AppClient;
  /** Answers to questions that are no longer asked are dropped. */
  #question = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #changed = new Set<string>();
  #readingMore = false;
  #everything = false;
  readonly #refresh = coalesced(() =>
    this.#reading((question) =>
      this.#everything ? this.#readPages(question) : this.#readRows(question),
    ),
  );

  constructor(client: AppClient) {
    this.#client = client;
  }

  /** Everything that was read before, anew. */
  load(): Promise<void> {
    this.#everything = true;
    return this.#refresh();
  }

  /** Something of these items changed, or they are new. */
  changed(itemIds: Iterable<string>): Promise<void> {
    for (const itemId of itemIds) this.#changed.add(itemId);
    return this.#refresh();
  }

  /** What is typed is looked for once the typing pauses. */
  search(text: string): void {
    this.text = text;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#start(), PAUSE);
  }

  filter(kind: ItemKind | null, state: JobState | null): Promise<void> {
    this.kind = kind;
    this.state = state;
    return this.#start();
  }

  showEverything(): Promise<void> {
    this.text = '';
    return this.filter(null, null);
  }

  async more(): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === null || this.#readingMore) return;
    this.#readingMore = true;
    await this.#reading(async (question) => {
      const page = await this.#ask(cursor);
      if (question !== this.#question || cursor !== this.#cursor) return;
      const known = new Set(this.items.map(({ id }) => id));
      this.#show([...this.items, ...page.items.filter(({ id }) => !known.has(id))], page);
    });
    this.#readingMore = false;
  }

  /** @returns whether it was stored */
  async rename(itemId: string, name: string): Promise<boolean> {
    return this.#asked(async () => {
      await this.#client.history.rename({ itemId, name });
      this.items = this.items.map((item) => (item.id === itemId ? { ...item, name } : item));
    });
  }

  /** @returns whether they are deleted */
  async delete(items: readonly Pick<Item, 'id' | 'name'>[]): Promise<boolean> {
    const itemIds = items.map(({ id }) => id);
    const gone = new Set(itemIds);
    // As it is now: the list may come anew, without them, before the answer does.
    const rows = this.items.filter(({ id }) => gone.has(id));
    const [neighbour, order] = [this.cursor.neighbour(gone), this.ids];
    return this.#asked(async () => {
      const { until } = await this.#client.history.delete({ itemIds });
      this.deletions.add({ itemIds, name: items[0]?.name ?? '', until, rows, order });
      const left = this.items.filter(({ id }) => !gone.has(id));
      this.total -= this.items.length - left.length;
      this.items = left;
      this.cursor.clear();
      this.cursor.focus(neighbour);
    });
  }

  /** Takes the newest deletion back. */
  async undo(): Promise<void> {
    const deletion = this.deletions.newest;
    if (deletion === null) return;
    const question = this.#question;
    this.deletions.remove(deletion);
    await this.#asked(async () => {
      await this.#client.history.restore({ itemIds: [...deletion.itemIds] });
      if (question !== this.#question) return this.load();
      this.items = rowsReturned(this.items, deletion.rows, deletion.order);
      this.total += deletion.rows.length;
      this.cursor.focus(deletion.itemIds[0] ?? '');
    });
  }

  /** Asks another question. */
  #start(): Promise<void> {
    clearTimeout(this.#typing);
    this.#question += 1;
    return this.#reading(async (question) => {
      const page = await this.#ask(null);
      if (question === this.#question) this.#show(page.items, page);
    });
  }

  /** As many as there were, from the first one on. */
  async #readPages(question: number): Promise<void> {
    this.#everything = false;
    this.#changed.clear();
    let page = await this.#ask(null);
    let items = page.items;
    while (page.cursor !== null && items.length < this.items.length) {
      if (question !== this.#question) return;
      page = await this.#ask(page.cursor);
      items = [...items, ...page.items];
    }
    if (question === this.#question) this.#show(items, page);
  }

  /** The first page, which holds what is new, and changed rows beyond it. */
  async #readRows(question: number): Promise<void> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    const page = await this.#ask(null);
    if (question !== this.#question) return;
    const { items, kept } = headReplaced(this.items, page);
    const cursor = kept > 0 ? this.#cursor : page.cursor;
    const beyond = items.slice(page.items.length).filter(({ id }) => changed.has(id));
    const incomplete = cursor === null && items.length !== page.total;
    if (incomplete || beyond.length > FEW_ROWS) return this.#readPages(question);
    const rows = await Promise.all(beyond.map((row) => this.#row(row)));
    if (question !== this.#question) return;
    const read = new Map(beyond.map(({ id }, place) => [id, rows[place] ?? null]));
    const shown = items.flatMap((item) => {
      const row = read.get(item.id);
      return row === null ? [] : [row ?? item];
    });
    this.#show(shown, { cursor, total: page.total });
  }

  /** Null where it is not listed any more. */
  async #row(row: ListedItem): Promise<ListedItem | null> {
    try {
      const { item } = await this.#client.history.open({ itemId: row.id });
      const listed = item.deletedAt === null && (this.state ?? item.state) === item.state;
      return listed ? { ...item, found: row.found } : null;
    } catch (error) {
      if (problemOf(error).code === 'ITEM_NOT_FOUND') return null;
      throw error;
    }
  }

  #ask(cursor: string | null): Promise<HistoryPage> {
    const { text, kind, state } = this;
    const query: HistoryQuery = { text, kind, state, cursor, limit: PAGE };
    return this.#client.history.list(query);
  }

  #show(items: readonly ListedItem[], page: Pick<HistoryPage, 'cursor' | 'total'>): void {
    this.items = items;
    this.total = page.total;
    this.#cursor = page.cursor;
    this.loaded = true;
  }

  /** @param work is given the question of now */
  async #reading(work: (question: number) => Promise<void>): Promise<void> {
    const question = this.#question;
    try {
      await work(question);
      if (question === this.#question) this.problem = null;
    } catch (error) {
      if (question === this.#question) this.problem = problemOf(error);
    }
  }

  async #asked(work: () => Promise<void>): Promise<boolean> {
    this.refusal = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.refusal = problemOf(error);
      return false;
    }
  }
}
