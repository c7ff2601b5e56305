/** Jobs, and what the queue stores while it works (JobStore). */

import type { Job, RunSettings } from '../contract/jobs.ts';
import type { Segment, Timings } from '../contract/result.ts';
import type {
  JobSource,
  JobStore,
  NewItem,
  NewJob,
  NewRun,
  Progress,
  RunFacts,
  StateChange,
  StoredUnit,
} from '../jobs/job-store.ts';
import type { Connection } from './connection.ts';
import { type JobRow, jobOf, SELECT_JOB } from './job-rows.ts';
import { found } from './not-found.ts';
import type { Runs } from './runs.ts';
import type { Units } from './units.ts';

/** Every method is synchronous and one transaction. Of deleted items only open jobs are in the list. */
export class HistoryJobStore implements JobStore {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #runs: Runs;
  readonly #units: Units;
  readonly #statements: ReturnType<typeof prepare>;

  /** @param now milliseconds since 1970 */
  constructor(connection: Connection, runs: Runs, units: Units, now: () => number) {
    this.#connection = connection;
    this.#runs = runs;
    this.#units = units;
    this.#now = now;
    this.#statements = prepare(connection);
  }

  jobs(): readonly Job[] {
    return this.#connection.read(() => this.#statements.all.all().map(jobOf));
  }

  job(jobId: string): Job {
    return this.#connection.read(() =>
      jobOf(found(this.#statements.one.get(jobId), 'JOB_NOT_FOUND')),
    );
  }

  addItem(item: NewItem, run: NewRun, job: NewJob): Job {
    return this.#connection.write(() => {
      this.#statements.addItem.run({
        ...item,
        media: item.kind === 'audio' ? 'waiting' : 'none',
        ownsSource: Number(item.ownsSource),
        keep: Number(item.keep),
        now: this.#now(),
      });
      return this.addRun(run, job);
    });
  }

  addRun(run: NewRun, job: NewJob): Job {
    return this.#connection.write(() => {
      const itemKey = found(this.#statements.itemKey.get(run.itemId), 'ITEM_NOT_FOUND');
      this.#statements.addRun.run(run.id, itemKey, this.#now(), JSON.stringify(run.settings));
      return this.addJob(job);
    });
  }

  addJob(job: NewJob): Job {
    return this.#connection.write(() => {
      const runKey = this.#runs.key(job.runId);
      this.#statements.addJob.run(job.id, runKey, JSON.stringify(job.work), this.#now());
      return this.job(job.id);
    });
  }

  setSettings(runId: string, settings: RunSettings): void {
    this.#runs.setSettings(runId, settings);
  }

  source(runId: string): JobSource {
    return this.#connection.read(() => found(this.#statements.source.get(runId), 'RUN_NOT_FOUND'));
  }

  setPosition(jobId: string, position: number): Job {
    return this.#connection.write(() => {
      this.#statements.setPosition.run(position, jobId);
      return this.job(jobId);
    });
  }

  setState(jobId: string, { state, error }: StateChange): Job {
    return this.#connection.write(() => {
      this.#statements.setState.run({
        jobId,
        state,
        now: this.#now(),
        keepError: Number(error === undefined && state === 'waiting'),
        error: error == null ? null : JSON.stringify(error),
      });
      return this.job(jobId);
    });
  }

  removeJob(jobId: string): void {
    this.#connection.write(() => {
      this.job(jobId);
      this.#statements.remove.run(jobId);
    });
  }

  recover(): void {
    this.#connection.write(() => {
      this.#statements.cancelDeleted.run(this.#now());
      this.#statements.recover.run();
    });
  }

  runFacts(runId: string): RunFacts | null {
    return this.#runs.facts(runId);
  }

  setRunFacts(runId: string, facts: RunFacts): void {
    this.#runs.setFacts(runId, facts);
  }

  units(runId: string): readonly StoredUnit[] {
    return this.#units.list(runId);
  }

  segment(runId: string, index: number): Segment | null {
    return this.#units.segment(runId, index);
  }

  commitSegment(jobId: string, segment: Segment, progress: Progress): boolean {
    return this.#connection.write(() => {
      const keys = found(this.#statements.keys.get(jobId), 'JOB_NOT_FOUND');
      const isNew = this.#units.commit(keys.itemKey, keys.runKey, segment);
      if (isNew) this.#statements.countSegment.run(jobId);
      this.#statements.setProgress.run(progress.done, progress.total, jobId);
      return isNew;
    });
  }

  setProgress(jobId: string, { done, total }: Progress): void {
    this.#connection.write(() => this.#statements.setProgress.run(done, total, jobId));
  }

  finishJob(jobId: string, duration: number | null, timings: Timings): Job {
    return this.#connection.write(() => {
      const job = this.setState(jobId, { state: 'done' });
      this.#statements.setWholeProgress.run(jobId);
      if (duration !== null) this.#statements.setDuration.run(duration, job.itemId);
      this.#runs.addTimings(job.runId, timings);
      return this.job(jobId);
    });
  }

  countCrash(jobId: string): number {
    return this.#connection.write(() =>
      found(this.#statements.countCrash.get(jobId), 'JOB_NOT_FOUND'),
    );
  }
}

const LIVE_ITEM = 'items.deleted_at IS NULL';

function prepare(connection: Connection) {
  return {
    // Those of a deleted item that are still open have to be seen to be cancelled.
    all: connection.prepare<[], JobRow>(
      `${SELECT_JOB} WHERE jobs.listed = 1
         AND (${LIVE_ITEM} OR jobs.state IN ('waiting', 'running'))
       ORDER BY jobs.position, jobs.key`,
    ),
    one: connection.prepare<[string], JobRow>(
      `${SELECT_JOB} WHERE jobs.id = ? AND jobs.listed = 1`,
    ),
    keys: connection.prepare<[string], { itemKey: number; runKey: number }>(
      `SELECT runs.item_key AS itemKey, runs.key AS runKey
       FROM jobs JOIN runs ON runs.key = jobs.run_key WHERE jobs.id = ?`,
    ),
    itemKey: connection.pluck<[string], number>(
      `SELECT key FROM items WHERE id = ? AND ${LIVE_ITEM}`,
    ),
    addItem: connection.prepare(
      `INSERT INTO items (id, kind, name, created_at, media, keep, source_path, owns_source)
       VALUES (@id, @kind, @name, @now, @media, @keep, @sourcePath, @ownsSource)`,
    ),
    addRun: connection.prepare(
      'INSERT INTO runs (id, item_key, created_at, settings) VALUES (?, ?, ?, ?)',
    ),
    addJob: connection.prepare(
      `INSERT INTO jobs (id, run_key, work, state, position, created_at)
       VALUES (?, ?, ?, 'waiting', (SELECT coalesce(max(position), 0) + 1 FROM jobs), ?)`,
    ),
    source: connection.prepare<[string], JobSource>(
      `SELECT items.id AS itemId, items.kind, items.source_path AS path
       FROM runs JOIN items ON items.key = runs.item_key WHERE runs.id = ?`,
    ),
    setPosition: connection.prepare('UPDATE jobs SET position = ? WHERE id = ?'),
    setState: connection.prepare(
      `UPDATE jobs SET state = @state,
         error = iif(@keepError, error, @error),
         started_at = CASE @state WHEN 'running' THEN @now WHEN 'waiting' THEN NULL
           ELSE started_at END,
         finished_at = iif(@state IN ('done', 'failed', 'cancelled'), @now, NULL)
       WHERE id = @jobId`,
    ),
    remove: connection.prepare('UPDATE jobs SET listed = 0 WHERE id = ?'),
    cancelDeleted: connection.prepare(
      `UPDATE jobs SET state = 'cancelled', finished_at = ?
       WHERE state IN ('waiting', 'running') AND run_key IN (
         SELECT runs.key FROM runs JOIN items ON items.key = runs.item_key
         WHERE items.deleted_at IS NOT NULL)`,
    ),
    recover: connection.prepare(
      `UPDATE jobs SET state = 'waiting', started_at = NULL, position = recovered.position
       FROM (
         SELECT key, (SELECT min(position) FROM jobs) - count(*) OVER ()
           + row_number() OVER (ORDER BY position, key) - 1 AS position
         FROM jobs WHERE state = 'running'
       ) AS recovered WHERE recovered.key = jobs.key`,
    ),
    countSegment: connection.prepare(
      'UPDATE jobs SET segments = segments + 1, crashes = 0 WHERE id = ?',
    ),
    setProgress: connection.prepare('UPDATE jobs SET done = ?, total = ? WHERE id = ?'),
    setWholeProgress: connection.prepare(
      'UPDATE jobs SET done = coalesce(total, done), total = coalesce(total, done) WHERE id = ?',
    ),
    setDuration: connection.prepare('UPDATE items SET duration = ? WHERE id = ?'),
    countCrash: connection.pluck<[string], number>(
      'UPDATE jobs SET crashes = crashes + 1 WHERE id = ? RETURNING crashes',
    ),
  };
}
