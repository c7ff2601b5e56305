/**
 * Opens the file of the history so that a committed transaction survives a power cut, a deleted
 * text leaves no trace, and no second process can write.
 */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { VeerError } from '../contract/errors.ts';
import { makeBackup } from './backups.ts';
import { damaged, databaseError } from './database-errors.ts';
import { databaseVersion, type Migration, migrate, pendingMigrations } from './migrate.ts';
import { MIGRATIONS } from './migrations/all-migrations.ts';

/** Milliseconds to wait for a process that is just ending. */
const LOCK_TIMEOUT = 500;

export interface DatabaseOptions {
  /** Made where it is not there. */
  readonly file: string;
  /** Gets a copy before a migration. */
  readonly backupsDirectory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * @throws VeerError DATABASE_IN_USE, DATABASE_DAMAGED, DATABASE_FROM_FUTURE, DISK_FULL,
 *   DATABASE_UNUSABLE
 */
export function openDatabase(
  { file, backupsDirectory, now }: DatabaseOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): Database.Database {
  makeFolder(dirname(file));
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { timeout: LOCK_TIMEOUT });
    // Before the first access: then there is no shared memory file, and the lock is taken at once.
    database.pragma('locking_mode = EXCLUSIVE');
    const pending = pendingMigrations(database, migrations);
    configure(database);
    check(database);
    const version = databaseVersion(database);
    if (pending.length > 0 && version > 0) makeBackup(database, backupsDirectory, version, now());
    migrate(database, pending);
    // A log that a crash left may hold pages of before a deletion.
    database.pragma('wal_checkpoint(TRUNCATE)');
    return database;
  } catch (error) {
    database?.close();
    throw databaseError(error);
  }
}

/** @throws VeerError DATABASE_UNUSABLE */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new VeerError(
      'DATABASE_UNUSABLE',
      `The folder of the history, ${folder}, cannot be made. Check the rights of the folder above it.`,
      { cause },
    );
  }
}

function configure(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('secure_delete = ON');
  // Sorting never writes texts to a temporary file.
  database.pragma('temp_store = MEMORY');
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
}

/** @throws VeerError DATABASE_DAMAGED */
function check(database: Database.Database): void {
  const answer = database.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw damaged(new Error(`quick_check: ${String(answer)}`));
}
