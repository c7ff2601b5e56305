/** Whether a program has the history open, for those who only want to know. */

import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { VeerError } from '../contract/errors.ts';
import { databaseError } from './database-errors.ts';

/** False where there is no database, or none that can be read. Changes nothing. */
export function databaseInUse(file: string): boolean {
  if (!existsSync(file)) return false;
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
    database.pragma('schema_version');
    return false;
  } catch (error) {
    const named = databaseError(error);
    return named instanceof VeerError && named.code === 'DATABASE_IN_USE';
  } finally {
    database?.close();
  }
}
