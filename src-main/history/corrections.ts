/** What people do to segments: choose a version, correct one, take either back. */

import type { SegmentView, UnitChange } from '../contract/history.ts';
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
   * Makes the changes in their order, all or none. The machine's output stays: a correction stands
   * beside the version that it was made on, and one that is taken back shows the one before.
   *
   * @returns the units that were named, each once, in the order of the file
   * @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND, VARIANT_NOT_FOUND
   */
  change(runId: string, changes: readonly UnitChange[]): SegmentView[] {
    return this.#connection.write(() => {
      const runKey = this.#runs.key(runId);
      const keys = new Map<number, number>();
      for (const change of changes) {
        const { index } = change;
        const known = keys.get(index) ?? this.#statements.segment.get(runKey, index);
        const key = found(known, 'SEGMENT_NOT_FOUND');
        keys.set(index, key);
        this.#make(change, key);
      }
      // Once per unit: the search index follows, which is the slow part.
      for (const key of keys.values()) this.#statements.refresh.run({ key });
      return this.#segments.some(runKey, [...keys.keys()]);
    });
  }

  /** @param key of the segment */
  #make(change: UnitChange, key: number): void {
    const { alpha } = change;
    // Of a choice only: nobody has chosen.
    if (alpha === null) {
      this.#statements.unchoose.run({ key });
      return;
    }
    found(this.#statements.variant.get(key, alpha), 'VARIANT_NOT_FOUND');
    if (change.type === 'choose') this.#statements.choose.run(alpha, key);
    else if (change.text === null) this.#statements.takeBack.run(key, alpha);
    else if (this.#statements.newest.get(key, alpha) !== change.text) {
      this.#statements.add.run(key, alpha, change.text, this.#now());
      this.#statements.confirm.run(key, alpha);
    }
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
    /** What the program chose; else plain output, or without it the version that was stored first. */
    unchoose: connection.prepare(
      `UPDATE segments SET chosen_by_person = 0, chosen_alpha = coalesce(automatic_alpha,
         (SELECT alpha FROM variants WHERE segment_key = @key ORDER BY alpha <> 0, ordinal LIMIT 1))
       WHERE key = @key`,
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
