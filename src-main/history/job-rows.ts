/** Jobs as they are stored, and as the contract shows them. */

import type { Job, JobState } from '../contract/jobs.ts';
import { readError, readSettings, readWork } from './stored-json.ts';

export interface JobRow {
  readonly id: string;
  readonly itemId: string;
  readonly runId: string;
  readonly name: string;
  readonly work: string;
  readonly state: JobState;
  readonly position: number;
  readonly settings: string;
  readonly done: number;
  readonly total: number | null;
  readonly segments: number;
  readonly error: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export const SELECT_JOB = `
  SELECT jobs.id, items.id AS itemId, runs.id AS runId, items.name, jobs.work, jobs.state,
    jobs.position, runs.settings, jobs.done, jobs.total, jobs.segments, jobs.error,
    jobs.created_at AS createdAt, jobs.started_at AS startedAt, jobs.finished_at AS finishedAt
  FROM jobs JOIN runs ON runs.key = jobs.run_key JOIN items ON items.key = runs.item_key`;

/** `stage` is null: only the queue knows it. */
export function jobOf(row: JobRow): Job {
  return {
    ...row,
    work: readWork(row.work),
    settings: readSettings(row.settings),
    error: readError(row.error),
    stage: null,
  };
}
