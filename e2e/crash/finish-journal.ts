/**
 * Every end of a job, written down in the same transaction by a trigger in the database itself: a
 * job that was done twice stands there twice, whoever was killed when.
 */

import { join } from 'node:path';
import Database from 'better-sqlite3';

/** The program must have made its database, and not run. */
export function addFinishJournal(folder: string): void {
  const database = new Database(join(folder, 'veer.db'));
  database.exec(`
    CREATE TABLE test_finishes (job_id TEXT NOT NULL);
    CREATE TRIGGER test_finish AFTER UPDATE OF state ON jobs WHEN new.state = 'done'
    BEGIN INSERT INTO test_finishes VALUES (new.id); END;
  `);
  database.close();
}

/** Ids of the jobs, once for every time that one was done. */
export function readFinishJournal(folder: string): readonly string[] {
  const database = new Database(join(folder, 'veer.db'), { readonly: true });
  try {
    return database.prepare<[], string>('SELECT job_id FROM test_finishes').pluck().all();
  } finally {
    database.close();
  }
}
