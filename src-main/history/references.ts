/** What should have been said: of one unit of a run, or of the whole text of an item. */

import type { Connection } from './connection.ts';
import { found } from './not-found.ts';

export class References {
  readonly #connection: Connection;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#statements = prepare(connection);
  }

  /**
   * @param index of a unit, or null for the whole text, which all runs of the item share
   * @param text null removes it
   * @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND
   */
  set(runId: string, index: number | null, text: string | null): void {
    this.#connection.write(() => {
      const run = found(this.#statements.run.get(runId), 'RUN_NOT_FOUND');
      const [remove, put, key] =
        index === null
          ? [this.#statements.removeOfItem, this.#statements.putOfItem, run.itemKey]
          : [
              this.#statements.removeOfSegment,
              this.#statements.putOfSegment,
              found(this.#statements.segment.get(run.key, index), 'SEGMENT_NOT_FOUND'),
            ];
      if (text === null) remove.run(key);
      else put.run(key, text);
    });
  }

  /** Of the whole text; null where there is none. */
  ofItem(itemId: string): string | null {
    return this.#connection.read(() => this.#statements.ofItem.get(itemId) ?? null);
  }
}

function prepare(connection: Connection) {
  return {
    run: connection.prepare<[string], { key: number; itemKey: number }>(
      'SELECT key, item_key AS itemKey FROM runs WHERE id = ?',
    ),
    segment: connection.pluck<[number, number], number>(
      'SELECT key FROM segments WHERE run_key = ? AND position = ?',
    ),
    ofItem: connection.pluck<[string], string>(
      `SELECT text FROM item_references JOIN items ON items.key = item_key WHERE items.id = ?`,
    ),
    removeOfItem: connection.prepare('DELETE FROM item_references WHERE item_key = ?'),
    putOfItem: connection.prepare(
      `INSERT INTO item_references (item_key, text) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET text = excluded.text`,
    ),
    removeOfSegment: connection.prepare('DELETE FROM segment_references WHERE segment_key = ?'),
    putOfSegment: connection.prepare(
      `INSERT INTO segment_references (segment_key, text) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET text = excluded.text`,
    ),
  };
}
