/**
 * Ways out of a database that cannot be used: another one takes its place, an older copy or an
 * empty one. The database itself is set aside under another name, never deleted.
 */

import { copyFileSync, existsSync, renameSync } from 'node:fs';
import { join, parse } from 'node:path';
import Database from 'better-sqlite3';
import { VeerError } from '../contract/errors.ts';
import { listBackups, putInPlace, timestamp } from './backups.ts';
import { named } from './database-errors.ts';

export { listBackups } from './backups.ts';

/**
 * Puts a copy of a backup in the place of the database, which is set aside.
 *
 * @param name one of listBackups
 * @param moment milliseconds since 1970, for the name of the file that is set aside
 * @throws VeerError FILE_NOT_FOUND where there is no such backup, DATABASE_IN_USE
 */
export function restoreBackup(
  file: string,
  backupsDirectory: string,
  name: string,
  moment = Date.now(),
): void {
  if (!listBackups(backupsDirectory).includes(name)) {
    throw new VeerError('FILE_NOT_FOUND', `There is no backup "${name}". Choose one of the list.`);
  }
  const partial = `${file}.partial`;
  copyFileSync(join(backupsDirectory, name), partial);
  setAside(file, moment);
  putInPlace(partial, file);
}

/**
 * Renames the database and its log, so that the next start begins an empty one.
 *
 * @param moment milliseconds since 1970, for the new name
 * @returns path of the file of before, or null where there was none
 * @throws VeerError DATABASE_IN_USE when another process has it open
 */
export function setAside(file: string, moment = Date.now()): string | null {
  if (!existsSync(file)) return null;
  requireUnused(file);
  const { dir, ext } = parse(file);
  const path = (n: number) =>
    join(dir, `${setAsidePrefix(file)}${timestamp(moment)}${n === 1 ? '' : `-${n}`}${ext}`);
  let n = 1;
  while (existsSync(path(n))) n += 1;
  const other = path(n);
  // The log goes first: SQLite would apply it to the database that comes after.
  for (const suffix of ['-wal', '-shm', '-journal', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, other + suffix);
  }
  return other;
}

/** How the name of a database begins that was set aside in favour of the file. */
export function setAsidePrefix(file: string): string {
  return `${parse(file).name}-set-aside-`;
}

/** Any other failure than a lock is what brought us here. */
function requireUnused(file: string): void {
  try {
    named(() => {
      const database = new Database(file, { timeout: 0 });
      try {
        database.pragma('user_version');
      } finally {
        database.close();
      }
    });
  } catch (error) {
    if (error instanceof VeerError && error.code === 'DATABASE_IN_USE') throw error;
  }
}
