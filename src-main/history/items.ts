/** Items: the list, one item with its runs, its name, what is known of its media. */

import type {
  HistoryPage,
  HistoryQuery,
  Item,
  ItemDetail,
  MediaState,
} from '../contract/history.ts';
import type { Connection } from './connection.ts';
import { excerptOf, type ItemRow, itemOf, NEWEST_STATE, SELECT_ITEM } from './item-rows.ts';
import { found, notFound } from './not-found.ts';
import { readCursor } from './read-cursor.ts';
import type { References } from './references.ts';
import type { Runs } from './runs.ts';
import { Search } from './search.ts';

type Filter = Pick<HistoryQuery, 'kind' | 'state'> & { readonly keys: string | null };
type PageFilter = Filter & { readonly before: number; readonly limit: number };

export interface WaitingMedia {
  readonly itemId: string;
  /** Of the source. */
  readonly path: string;
}

export class Items {
  readonly #connection: Connection;
  readonly #runs: Runs;
  readonly #references: References;
  readonly #search: Search;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection, runs: Runs, references: References) {
    this.#connection = connection;
    this.#runs = runs;
    this.#references = references;
    this.#search = new Search(connection);
    this.#statements = prepare(connection);
  }

  /**
   * Items that are not deleted, newest first. With a text: those that have all its words in their
   * name or their texts, the last word as a beginning.
   *
   * @throws VeerError OPTION_INVALID for a cursor that no answer gave
   */
  list(query: HistoryQuery): HistoryPage {
    const before = readCursor(query.cursor);
    return this.#connection.read(() => {
      const words = this.#search.words(query.text);
      const among = words === null ? null : this.#search.items(words);
      const keys = among === null ? null : JSON.stringify(among.keys);
      const filter = { kind: query.kind, state: query.state, keys };
      const page = keys === null ? this.#statements.page : this.#statements.foundPage;
      // One more than asked for tells whether there is a next page.
      const rows = page.all({ ...filter, before, limit: query.limit + 1 });
      const shown = rows.slice(0, query.limit);
      const total = keys === null ? this.#statements.total : this.#statements.foundTotal;
      return {
        items: shown.map((row) => ({
          ...this.#view(row),
          found: words && among && this.#search.place(row, words, among.rare),
        })),
        cursor: rows.length > shown.length ? String(shown.at(-1)?.key) : null,
        total: total.get(filter) ?? 0,
      };
    });
  }

  /** Also of a deleted item, as long as it can be restored. @throws VeerError ITEM_NOT_FOUND */
  item(itemId: string): Item {
    return this.#connection.read(() =>
      this.#view(found(this.#statements.one.get(itemId), 'ITEM_NOT_FOUND')),
    );
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  detail(itemId: string): ItemDetail {
    return this.#connection.read(() => ({
      item: this.item(itemId),
      runs: this.#runs.ofItem(itemId),
      reference: this.#references.ofItem(itemId),
    }));
  }

  /** Audio items whose playback copy and peaks are still to be made, oldest first. */
  waitingMedia(): readonly WaitingMedia[] {
    return this.#connection.read(() => this.#statements.waitingMedia.all());
  }

  /** @param name 1 to 200 characters. @throws VeerError ITEM_NOT_FOUND */
  rename(itemId: string, name: string): void {
    this.#change(() => this.#statements.rename.run(name, itemId));
  }

  /** False: purged when the program ends. @throws VeerError ITEM_NOT_FOUND */
  setKeep(itemId: string, keep: boolean): void {
    this.#change(() => this.#statements.setKeep.run(Number(keep), itemId));
  }

  /** Does nothing for an item that is gone. @param duration seconds; null leaves what is known */
  setMedia(itemId: string, media: MediaState, duration: number | null): void {
    this.#connection.write(() => this.#statements.setMedia.run(media, duration, itemId));
  }

  #change(update: () => { readonly changes: number }): void {
    if (this.#connection.write(update).changes === 0) throw notFound('ITEM_NOT_FOUND');
  }

  #view(row: ItemRow): Item {
    const texts = row.runKey === null ? [] : this.#statements.firstTexts.all(row.runKey);
    return itemOf(row, excerptOf(texts));
  }
}

function prepare(connection: Connection) {
  const filters = `items.deleted_at IS NULL AND (@kind IS NULL OR items.kind = @kind)
    AND (@state IS NULL OR ${NEWEST_STATE} = @state)`;
  const isFound = `items.key IN (SELECT value FROM json_each(@keys)) AND ${filters}`;
  const page = (where: string) =>
    connection.prepare<[PageFilter], ItemRow>(
      `${SELECT_ITEM} WHERE items.key < @before AND ${where} ORDER BY items.key DESC LIMIT @limit`,
    );
  const total = (where: string) =>
    connection.pluck<[Filter], number>(`SELECT count(*) FROM items WHERE ${where}`);
  return {
    page: page(filters),
    foundPage: page(isFound),
    total: total(filters),
    foundTotal: total(isFound),
    one: connection.prepare<[string], ItemRow>(
      // 0: its purge has begun.
      `${SELECT_ITEM} WHERE items.id = ? AND items.deleted_at IS NOT 0`,
    ),
    waitingMedia: connection.prepare<[], WaitingMedia>(
      `SELECT id AS itemId, source_path AS path FROM items
       WHERE media = 'waiting' AND deleted_at IS NULL ORDER BY key`,
    ),
    firstTexts: connection.pluck<[number], string>(
      'SELECT text FROM segments WHERE run_key = ? ORDER BY position LIMIT 6',
    ),
    rename: connection.prepare('UPDATE items SET name = ? WHERE id = ?'),
    setKeep: connection.prepare('UPDATE items SET keep = ? WHERE id = ?'),
    setMedia: connection.prepare(
      'UPDATE items SET media = ?, duration = coalesce(?, duration) WHERE id = ?',
    ),
  };
}
