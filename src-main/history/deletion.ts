/**
 * Deleting: first a mark that can be taken back, then for real. After a purge no byte of an item
 * is in the database, its log or a backup. Files of an item are the caller's. Moments are
 * milliseconds since 1970.
 */

import { setImmediate } from 'node:timers/promises';
import { deleteBackupsWith } from './backups.ts';
import type { Connection } from './connection.ts';
import { segmentKeys } from './keys.ts';
import { notFound } from './not-found.ts';

/** Segments deleted at once; forgetting words in the index is slow, and others wait meanwhile. */
const SEGMENTS_AT_ONCE = 20;

export class Deletion {
  readonly #connection: Connection;
  readonly #backupsDirectory: string;
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepare>;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(connection: Connection, backupsDirectory: string, now: () => number) {
    this.#connection = connection;
    this.#backupsDirectory = backupsDirectory;
    this.#now = now;
    this.#statements = prepare(connection);
  }

  /** All of them or none; one that is marked keeps its moment. @throws VeerError ITEM_NOT_FOUND */
  mark(itemIds: readonly string[]): void {
    this.#connection.write(() => {
      for (const id of itemIds) {
        if (this.#statements.mark.run(this.#now(), id).changes === 0) {
          throw notFound('ITEM_NOT_FOUND');
        }
      }
    });
  }

  /** All of them or none; one that is not marked stays. @throws VeerError ITEM_NOT_FOUND */
  restore(itemIds: readonly string[]): void {
    this.#connection.write(() => {
      for (const id of itemIds) {
        if (this.#statements.unmark.run(id).changes === 0) throw notFound('ITEM_NOT_FOUND');
      }
    });
  }

  /** Made before the moment, not marked, and without a job that waits or runs. */
  olderThan(moment: number): readonly string[] {
    return this.#connection.read(() => this.#statements.olderThan.all(moment));
  }

  /** Items not to be kept. From now on they cannot be restored. */
  notKept(): readonly string[] {
    return this.#connection.write(() => {
      this.#statements.claimUnkept.run();
      return this.#statements.unkept.all();
    });
  }

  /** Marked at the moment or before. From now on they cannot be restored. */
  due(markedUntil: number): readonly string[] {
    return this.#connection.write(() => {
      this.#statements.claimMarked.run(markedUntil);
      return this.#statements.claimed.all();
    });
  }

  /** When the first of the marked items was marked; null where none is. */
  firstMark(): number | null {
    return this.#connection.read(() => this.#statements.firstMark.get() ?? null);
  }

  /**
   * Removes rows, search index, log and backups that hold the items. Other work goes on between its
   * steps; one purge runs at a time. What an interrupted one leaves is due at the next start.
   *
   * @throws VeerError of the database
   */
  purge(itemIds: readonly string[]): Promise<void> {
    const before = this.#running ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => this.#purge(itemIds));
    const settled = run
      .catch(() => undefined)
      .finally(() => {
        if (this.#running === settled) this.#running = null;
      });
    this.#running = settled;
    return run;
  }

  /** Ends a purge after its present step. Null where none is under way. */
  stop(): Promise<void> | null {
    this.#stopped = true;
    return this.#running;
  }

  async #purge(itemIds: readonly string[]): Promise<void> {
    if (this.#stopped || itemIds.length === 0) return;
    this.#connection.write(() => {
      for (const id of itemIds) this.#statements.claim.run(id);
    });
    // Before the rows go: an interrupted purge knows its items only by them.
    deleteBackupsWith(this.#backupsDirectory, new Set(itemIds));
    for (const id of itemIds) {
      const key = this.#connection.read(() => this.#statements.key.get(id));
      if (key !== undefined && !(await this.#purgeItem(key))) break;
    }
    this.finish();
  }

  /** Erases what a purge before may have left in the file. */
  finish(): void {
    if (this.#connection.read(() => this.#statements.unfinished.get()) === undefined) return;
    this.#connection.rebuild();
    this.#connection.write(() => this.#statements.finished.run());
  }

  /** @returns false where it was stopped */
  async #purgeItem(key: number): Promise<boolean> {
    const { first, last } = segmentKeys(key);
    const { deleteSegments, deleteItem, unfinish } = this.#statements;
    const step = { first, last, limit: SEGMENTS_AT_ONCE };
    while (this.#connection.write(() => deleteSegments.run(step)).changes > 0) {
      await setImmediate();
      if (this.#stopped) return false;
    }
    this.#connection.write(() => {
      deleteItem.run(key);
      unfinish.run();
    });
    return true;
  }
}

/** `deleted_at` of an item whose purge has begun: always due, never restored, also after a crash. */
const PURGING = 0;

function prepare(connection: Connection) {
  return {
    key: connection.pluck<[string], number>('SELECT key FROM items WHERE id = ?'),
    mark: connection.prepare<[number, string]>(
      'UPDATE items SET deleted_at = coalesce(deleted_at, ?) WHERE id = ?',
    ),
    unmark: connection.prepare<[string]>(
      `UPDATE items SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT ${PURGING}`,
    ),
    olderThan: connection.pluck<[number], string>(
      `SELECT id FROM items WHERE created_at < ? AND deleted_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM runs JOIN jobs ON jobs.run_key = runs.key
         WHERE runs.item_key = items.key AND jobs.state IN ('waiting', 'running'))`,
    ),
    claim: connection.prepare<[string]>(`UPDATE items SET deleted_at = ${PURGING} WHERE id = ?`),
    claimUnkept: connection.prepare<[]>(`UPDATE items SET deleted_at = ${PURGING} WHERE keep = 0`),
    unkept: connection.pluck<[], string>('SELECT id FROM items WHERE keep = 0'),
    claimMarked: connection.prepare<[number]>(
      `UPDATE items SET deleted_at = ${PURGING} WHERE deleted_at <= ?`,
    ),
    claimed: connection.pluck<[], string>(`SELECT id FROM items WHERE deleted_at = ${PURGING}`),
    firstMark: connection.pluck<[], number | null>('SELECT min(deleted_at) FROM items'),
    deleteSegments: connection.prepare(
      `DELETE FROM segments WHERE key IN (
         SELECT key FROM segments WHERE key BETWEEN @first AND @last LIMIT @limit)`,
    ),
    unfinished: connection.pluck<[], number>('SELECT key FROM unfinished_erasures'),
    unfinish: connection.prepare<[]>('INSERT OR IGNORE INTO unfinished_erasures VALUES (1)'),
    finished: connection.prepare<[]>('DELETE FROM unfinished_erasures'),
    deleteItem: connection.prepare<[number]>('DELETE FROM items WHERE key = ?'),
  };
}
