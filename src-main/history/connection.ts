/**
 * One open database: statements, transactions, named errors. Everything is synchronous, and nobody
 * else writes (the file is locked), so what a transaction has read stays true until it ends.
 */

import type Database from 'better-sqlite3';
import { named } from './database-errors.ts';

/** What of a statement is used here. */
export interface Statement<Parameters extends unknown[], Row> {
  run(...parameters: Parameters): { readonly changes: number };
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  iterate(...parameters: Parameters): IterableIterator<Row>;
}

export class Connection {
  readonly #database: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
  }

  /**
   * A statement that is made once and kept. Rows are trusted: tables are STRICT and their values
   * checked. Parameters by place are a tuple, those by name a tuple of one object.
   */
  prepare<Parameters extends unknown[] = unknown[], Row = never>(
    sql: string,
  ): Statement<Parameters, Row> {
    return this.#database.prepare<unknown[], Row>(sql);
  }

  /** The same for the first column alone. */
  pluck<Parameters extends unknown[], Value>(sql: string): Statement<Parameters, Value> {
    return this.#database.prepare<unknown[], Value>(sql).pluck();
  }

  /**
   * All of it or nothing, on the disk when this returns. Inside another transaction it is a part
   * of that one.
   *
   * @throws what `work` throws; VeerError as in databaseError
   */
  write<T>(work: () => T): T {
    if (this.#database.inTransaction) return work();
    return named(() => {
      this.#begin.run();
      try {
        const result = work();
        this.#commit.run();
        return result;
      } catch (error) {
        // A full disk may have ended the transaction already.
        if (this.#database.inTransaction) this.#rollback.run();
        throw error;
      }
    });
  }

  /** @throws what `work` throws; VeerError as in databaseError */
  read<T>(work: () => T): T {
    return named(work);
  }

  /**
   * Writes the whole database anew and empties the log. secure_delete clears rows and pages that
   * are freed, but a row that was moved to another page while its tree was balanced may have left
   * a copy between the rows of the first page.
   */
  rebuild(): void {
    named(() => {
      this.#database.exec('VACUUM');
      this.#database.pragma('wal_checkpoint(TRUNCATE)');
    });
  }

  close(): void {
    named(() => this.#database.close());
  }
}
