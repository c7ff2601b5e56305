/** Runs: settings, what the engine said when they began, timings. */

import type { HistoryRun } from '../contract/history.ts';
import type { JobState, RunSettings } from '../contract/jobs.ts';
import { addTimings, type Timings } from '../contract/result.ts';
import type { Connection } from './connection.ts';
import { found } from './not-found.ts';
import {
  readError,
  readFacts,
  readSettings,
  readTimings,
  type StoredRunFacts,
} from './stored-json.ts';

interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly itemId: string;
  readonly createdAt: number;
  readonly settings: string;
  readonly facts: string | null;
  readonly timings: string | null;
  readonly segments: number;
  readonly state: JobState;
  readonly error: string | null;
}

const NO_FACTS = {
  model: null,
  proxy: null,
  device: null,
  threads: null,
  language: null,
  sourceLanguage: null,
  leading: null,
} as const;

export class Runs {
  readonly #connection: Connection;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#statements = prepare(connection);
  }

  /** @throws VeerError RUN_NOT_FOUND */
  key(runId: string): number {
    return this.#connection.read(() => found(this.#statements.key.get(runId), 'RUN_NOT_FOUND'));
  }

  /** @throws VeerError RUN_NOT_FOUND */
  run(runId: string): HistoryRun {
    return this.#connection.read(() =>
      this.#view(found(this.#statements.one.get(runId), 'RUN_NOT_FOUND')),
    );
  }

  /** Newest first. */
  ofItem(itemId: string): HistoryRun[] {
    return this.#connection.read(() =>
      this.#statements.ofItem.all(itemId).map((row) => this.#view(row)),
    );
  }

  /** @throws VeerError RUN_NOT_FOUND */
  setSettings(runId: string, settings: RunSettings): void {
    this.#connection.write(() =>
      this.#statements.setSettings.run(JSON.stringify(settings), this.key(runId)),
    );
  }

  /** Null before the run has begun. @throws VeerError RUN_NOT_FOUND */
  facts(runId: string): StoredRunFacts | null {
    return this.#connection.read(() =>
      readFacts(found(this.#statements.facts.get(runId), 'RUN_NOT_FOUND')),
    );
  }

  /** @throws VeerError RUN_NOT_FOUND */
  setFacts(runId: string, facts: StoredRunFacts): void {
    this.#connection.write(() =>
      this.#statements.setFacts.run(JSON.stringify(facts), this.key(runId)),
    );
  }

  /** Milliseconds, added to those of the jobs before. @throws VeerError RUN_NOT_FOUND */
  addTimings(runId: string, timings: Timings): void {
    this.#connection.write(() => {
      const key = this.key(runId);
      const before = readTimings(this.#statements.timings.get(key) ?? null);
      const sum = before === null ? timings : addTimings(before, timings);
      this.#statements.setTimings.run(JSON.stringify(sum), key);
    });
  }

  #view({ key, facts, ...row }: RunRow): HistoryRun {
    return {
      ...row,
      ...(readFacts(facts) ?? NO_FACTS),
      settings: readSettings(row.settings),
      alphas: this.#statements.alphas.all(key),
      error: readError(row.error),
      timings: readTimings(row.timings),
    };
  }
}

const SELECT_RUN = `
  SELECT runs.key, runs.id, items.id AS itemId, runs.created_at AS createdAt, runs.settings,
    runs.facts, runs.timings, jobs.state, jobs.error,
    (SELECT count(*) FROM segments WHERE run_key = runs.key) AS segments
  FROM runs JOIN items ON items.key = runs.item_key
    JOIN jobs ON jobs.key = (SELECT min(key) FROM jobs WHERE run_key = runs.key)`;

function prepare(connection: Connection) {
  return {
    key: connection.pluck<[string], number>('SELECT key FROM runs WHERE id = ?'),
    one: connection.prepare<[string], RunRow>(`${SELECT_RUN} WHERE runs.id = ?`),
    ofItem: connection.prepare<[string], RunRow>(
      `${SELECT_RUN} WHERE items.id = ? ORDER BY runs.key DESC`,
    ),
    alphas: connection.pluck<[number], number>(
      `SELECT DISTINCT alpha FROM segments JOIN variants ON segment_key = segments.key
       WHERE run_key = ? ORDER BY alpha`,
    ),
    setSettings: connection.prepare('UPDATE runs SET settings = ? WHERE key = ?'),
    facts: connection.pluck<[string], string | null>('SELECT facts FROM runs WHERE id = ?'),
    setFacts: connection.prepare('UPDATE runs SET facts = ? WHERE key = ?'),
    timings: connection.pluck<[number], string | null>('SELECT timings FROM runs WHERE key = ?'),
    setTimings: connection.prepare('UPDATE runs SET timings = ? WHERE key = ?'),
  };
}
