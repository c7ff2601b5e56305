/** What people do to a segment: choose a version, correct it, take the newest correction back. */

import type { SegmentView } from '../contract/history.ts';
import type { Connection } from './connection.ts';
import { found } from './not-found.ts';
import type { Runs } from './runs.ts';
import type { Segments } from './segments.ts';

export class Corrections {
  readonly #connection: Connection;
  readonly #runs: Runs;
  readonly #segments: Segments;
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepare>;

  /** @param now milliseconds since 1970 */
  constructor(connection: Connection, runs: Runs, segments: Segments, now: () => number) {
    this.#connection = connection;
    this.#runs = runs;
    this.#segments = segments;
    this.#now = now;
    this.#statements = prepare(connection);
  }

  /**
   * Makes another version the text; its own newest correction comes with it.
   *
   * @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND, VARIANT_NOT_FOUND
   */
  choose(runId: string, index: number, alpha: number): SegmentView {
    return this.#connection.write(() => {
      const key = this.#variant(runId, index, alpha);
      this.#statements.choose.run(alpha, key);
      this.#statements.refresh.run({ key });
      return this.#segments.one(runId, index);
    });
  }

  /**
   * Corrects one version; the machine's output stays. Null takes the newest correction back, so
   * that the one before, or at last the machine's output, is the text again.
   *
   * @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND, VARIANT_NOT_FOUND
   */
  correct(runId: string, index: number, alpha: number, text: string | null): SegmentView {
    return this.#connection.write(() => {
      const key = this.#variant(runId, index, alpha);
      if (text === null) this.#statements.takeBack.run(key, alpha);
      else if (this.#statements.newest.get(key, alpha) !== text) {
        this.#statements.add.run(key, alpha, text, this.#now());
        this.#statements.confirm.run(key, alpha);
      }
      this.#statements.refresh.run({ key });
      return this.#segments.one(runId, index);
    });
  }

  /** Key of the segment. */
  #variant(runId: string, index: number, alpha: number): number {
    const runKey = this.#runs.key(runId);
    const key = found(this.#statements.segment.get(runKey, index), 'SEGMENT_NOT_FOUND');
    found(this.#statements.variant.get(key, alpha), 'VARIANT_NOT_FOUND');
    return key;
  }
}

function prepare(connection: Connection) {
  return {
    segment: connection.pluck<[number, number], number>(
      'SELECT key FROM segments WHERE run_key = ? AND position = ?',
    ),
    variant: connection.pluck<[number, number], number>(
      'SELECT 1 FROM variants WHERE segment_key = ? AND alpha = ?',
    ),
    choose: connection.prepare(
      'UPDATE segments SET chosen_alpha = ?, chosen_by_person = 1 WHERE key = ?',
    ),
    /** Who corrects the text has chosen its version: plain output that comes later is not the text. */
    confirm: connection.prepare(
      'UPDATE segments SET chosen_by_person = 1 WHERE key = ? AND chosen_alpha = ?',
    ),
    newest: connection.pluck<[number, number], string>(
      'SELECT text FROM corrections WHERE segment_key = ? AND alpha = ? ORDER BY key DESC LIMIT 1',
    ),
    add: connection.prepare(
      'INSERT INTO corrections (segment_key, alpha, text, created_at) VALUES (?, ?, ?, ?)',
    ),
    takeBack: connection.prepare(
      `DELETE FROM corrections WHERE key =
         (SELECT max(key) FROM corrections WHERE segment_key = ? AND alpha = ?)`,
    ),
    /** The text as it stands; the search index follows by its trigger. */
    refresh: connection.prepare(
      `UPDATE segments SET text = coalesce(
         (SELECT text FROM corrections WHERE segment_key = @key AND alpha = chosen_alpha
          ORDER BY key DESC LIMIT 1),
         (SELECT text FROM variants WHERE segment_key = @key AND alpha = chosen_alpha))
       WHERE key = @key`,
    ),
  };
}
