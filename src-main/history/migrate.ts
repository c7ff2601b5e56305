/** Brings a database to the present version, all pending migrations in one transaction. */

import type Database from 'better-sqlite3';
import { VeerError } from '../contract/errors.ts';

export interface Migration {
  /** `user_version` of a database that has it. */
  readonly version: number;
  readonly sql: string;
}

export function databaseVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** @throws VeerError DATABASE_FROM_FUTURE when a newer program wrote the database */
export function pendingMigrations(
  database: Database.Database,
  migrations: readonly Migration[],
): readonly Migration[] {
  const version = databaseVersion(database);
  const latest = migrations.at(-1)?.version ?? 0;
  if (version > latest) {
    throw new VeerError(
      'DATABASE_FROM_FUTURE',
      `The history was written by a newer Veer (its version is ${version}, this program knows ${latest}). Start the newer one, or put a backup back.`,
    );
  }
  return migrations.filter((migration) => migration.version > version);
}

/** Runs them and sets `user_version`; after a failure the database is as it was. */
export function migrate(database: Database.Database, pending: readonly Migration[]): void {
  const last = pending.at(-1);
  if (last === undefined) return;
  database.transaction(() => {
    for (const { sql } of pending) database.exec(sql);
    database.pragma(`user_version = ${last.version}`);
  })();
}
