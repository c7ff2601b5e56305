/** What SQLite's failures mean to a person. */

import Database from 'better-sqlite3';
import { VeerError } from '../contract/errors.ts';

/**
 * The named error for what a statement threw; anything that is not SQLite's is given back as it is.
 *
 * Codes: DATABASE_IN_USE, DATABASE_DAMAGED, DISK_FULL, DATABASE_UNUSABLE; INTERNAL for a broken
 * constraint, which is a fault of the program.
 */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new VeerError(
      'DATABASE_IN_USE',
      'The history is open in another Veer. Close that one first.',
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damaged(error);
  if (code === 'SQLITE_FULL') {
    return new VeerError(
      'DISK_FULL',
      'The disk is full, so the history could not be written. Make room and try again.',
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    return new VeerError('INTERNAL', 'The history refused data that does not fit together.', {
      cause: error,
    });
  }
  return new VeerError(
    'DATABASE_UNUSABLE',
    `The history cannot be read or written (${code}). Check the disk and the rights of its folder.`,
    { cause: error },
  );
}

export function damaged(cause: unknown): VeerError {
  return new VeerError(
    'DATABASE_DAMAGED',
    'The file of the history is damaged. Put a backup back, or begin an empty history; the damaged file is kept.',
    { cause },
  );
}

/** Runs `work`; failures of SQLite come out named. */
export function named<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw databaseError(error);
  }
}
