/** Copies of the database made before a migration. Deletion reaches into them. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

const BACKUP = /^veer-\d{8}T\d{9}Z-v\d+\.db$/;
/** Endings of a file that is not whole yet, and of what SQLite writes beside it. */
const PARTIAL = /\.partial(-journal|-wal|-shm)?$/;

/** Names of backups that can be put back, newest first. */
export function listBackups(backupsDirectory: string): readonly string[] {
  if (!existsSync(backupsDirectory)) return [];
  return readdirSync(backupsDirectory)
    .filter((name) => BACKUP.test(name))
    .sort()
    .reverse();
}

/**
 * Writes a copy of an open database, whole or not at all.
 *
 * @param version `user_version` of the database
 * @param moment milliseconds since 1970
 */
export function makeBackup(
  database: Database.Database,
  backupsDirectory: string,
  version: number,
  moment: number,
): void {
  mkdirSync(backupsDirectory, { recursive: true, mode: 0o700 });
  const name = `veer-${timestamp(moment)}-v${version}.db`;
  const partial = join(backupsDirectory, `${name}.partial`);
  rmSync(partial, { force: true });
  database.prepare('VACUUM INTO ?').run(partial);
  putInPlace(partial, join(backupsDirectory, name));
}

/** Deletes unfinished backups and those that hold one of the items, or that cannot be read. */
export function deleteBackupsWith(backupsDirectory: string, itemIds: ReadonlySet<string>): void {
  if (!existsSync(backupsDirectory)) return;
  for (const name of readdirSync(backupsDirectory)) {
    const path = join(backupsDirectory, name);
    if (PARTIAL.test(name) || (BACKUP.test(name) && holdsAny(path, itemIds))) rmSync(path);
  }
}

function holdsAny(path: string, itemIds: ReadonlySet<string>): boolean {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const ids = database.prepare<[], string>('SELECT id FROM items').pluck().all();
      return ids.some((id) => itemIds.has(id));
    } finally {
      database.close();
    }
  } catch {
    // What cannot be read cannot be put back, and may hold anything.
    return true;
  }
}

/** Renames a file that was just written, so that the new name has all of it, even after a power cut. */
export function putInPlace(partial: string, path: string): void {
  flush(partial, 'r+');
  renameSync(partial, path);
  // Windows cannot open a folder, and writes its entries by itself.
  if (process.platform !== 'win32') flush(dirname(path), 'r');
}

function flush(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** 2026-11-21T11:37:06.123Z → 20261121T113706123Z. @param moment milliseconds since 1970 */
export function timestamp(moment: number): string {
  return new Date(moment).toISOString().replace(/[-:.]/g, '');
}
