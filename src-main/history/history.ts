/** The history: one database behind one face. docs/history.md says what is stored where. */

import type {
  HistoryPage,
  HistoryQuery,
  HistoryRun,
  Item,
  ItemDetail,
  MediaState,
  SegmentView,
  UnitChange,
} from '../contract/history.ts';
import type { Result } from '../contract/result.ts';
import { Connection } from './connection.ts';
import { Corrections } from './corrections.ts';
import { type HistoryCounts, historyCounts } from './counts.ts';
import { Deletion } from './deletion.ts';
import { Items, type WaitingMedia } from './items.ts';
import { HistoryJobStore } from './job-store.ts';
import { type DatabaseOptions, openDatabase } from './open-database.ts';
import { References } from './references.ts';
import { Runs } from './runs.ts';
import { Segments } from './segments.ts';
import { storedResult } from './stored-result.ts';
import { Units } from './units.ts';

/** Units, ranges and errors are those of the contract; moments are milliseconds since 1970. */
export class History {
  /** For the queue. */
  readonly jobs: HistoryJobStore;
  readonly #connection: Connection;
  readonly #items: Items;
  readonly #runs: Runs;
  readonly #units: Units;
  readonly #segments: Segments;
  readonly #corrections: Corrections;
  readonly #references: References;
  readonly #deletion: Deletion;

  /**
   * @throws VeerError DATABASE_IN_USE, DATABASE_DAMAGED, DATABASE_FROM_FUTURE, DISK_FULL,
   *   DATABASE_UNUSABLE
   */
  static open(options: DatabaseOptions): History {
    return new History(new Connection(openDatabase(options)), options);
  }

  private constructor(connection: Connection, { backupsDirectory, now }: DatabaseOptions) {
    this.#connection = connection;
    this.#units = new Units(connection);
    this.#runs = new Runs(connection);
    this.jobs = new HistoryJobStore(connection, this.#runs, this.#units, now);
    this.#references = new References(connection);
    this.#items = new Items(connection, this.#runs, this.#references);
    this.#segments = new Segments(connection, this.#runs);
    this.#corrections = new Corrections(connection, this.#runs, this.#segments, now);
    this.#deletion = new Deletion(connection, backupsDirectory, now);
    this.#deletion.finish();
  }

  /** @throws VeerError OPTION_INVALID for a cursor that no answer gave */
  list(query: HistoryQuery): HistoryPage {
    return this.#items.list(query);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  open(itemId: string): ItemDetail {
    return this.#items.detail(itemId);
  }

  /** Without its runs. @throws VeerError ITEM_NOT_FOUND */
  item(itemId: string): Item {
    return this.#items.item(itemId);
  }

  /** @throws VeerError RUN_NOT_FOUND */
  run(runId: string): HistoryRun {
    return this.#runs.run(runId);
  }

  /** @throws VeerError RUN_NOT_FOUND */
  segments(runId: string, from: number, limit: number): SegmentView[] {
    return this.#segments.list(runId, from, limit);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  rename(itemId: string, name: string): void {
    this.#items.rename(itemId, name);
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  setKeep(itemId: string, keep: boolean): void {
    this.#items.setKeep(itemId, keep);
  }

  /** Audio items whose playback copy and peaks are still to be made, oldest first. */
  waitingMedia(): readonly WaitingMedia[] {
    return this.#items.waitingMedia();
  }

  /** Does nothing for an item that is gone. @param duration seconds; null leaves what is known */
  setMedia(itemId: string, state: MediaState, duration: number | null): void {
    this.#items.setMedia(itemId, state, duration);
  }

  /**
   * All of them or none, in this order.
   *
   * @returns the units that were named, in the order of the file
   * @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND, VARIANT_NOT_FOUND
   */
  change(runId: string, changes: readonly UnitChange[]): SegmentView[] {
    return this.#corrections.change(runId, changes);
  }

  /** @throws VeerError RUN_NOT_FOUND, SEGMENT_NOT_FOUND */
  setReference(runId: string, index: number | null, text: string | null): void {
    this.#references.set(runId, index, text);
  }

  /** What the whole text of an item should say; null where nobody supplied it. */
  reference(itemId: string): string | null {
    return this.#references.ofItem(itemId);
  }

  counts(): HistoryCounts {
    return historyCounts(this.#connection);
  }

  /** For the writers of export/, as storedResult says. */
  result(runId: string, alpha: number | null): Result {
    const sources = {
      items: this.#items,
      runs: this.#runs,
      segments: this.#segments,
      units: this.#units,
    };
    return this.#connection.read(() => storedResult(sources, runId, alpha));
  }

  /** Marks items now; all or none. @throws VeerError ITEM_NOT_FOUND */
  markDeleted(itemIds: readonly string[]): void {
    this.#deletion.mark(itemIds);
  }

  /** Takes marks back; all or none. @throws VeerError ITEM_NOT_FOUND, also once a purge has begun */
  restore(itemIds: readonly string[]): void {
    this.#deletion.restore(itemIds);
  }

  /** Made before the moment, not marked, and without a job that waits or runs. */
  olderThan(moment: number): readonly string[] {
    return this.#deletion.olderThan(moment);
  }

  /** Items not to be kept. From now on they cannot be restored. */
  notKept(): readonly string[] {
    return this.#deletion.notKept();
  }

  /** Marked at the moment or before. From now on they cannot be restored. */
  due(markedUntil: number): readonly string[] {
    return this.#deletion.due(markedUntil);
  }

  /** When the first of the marked items was marked; null where none is. */
  firstMark(): number | null {
    return this.#deletion.firstMark();
  }

  /** Removes items for good: when it resolves, no file of the database holds a byte of them. */
  purge(itemIds: readonly string[]): Promise<void> {
    return this.#deletion.purge(itemIds);
  }

  /**
   * Nothing may be called afterwards. A purge under way ends after its present step and is taken
   * up at the next start; without one the file is closed when this returns.
   */
  async close(): Promise<void> {
    const purge = this.#deletion.stop();
    if (purge !== null) await purge;
    this.#connection.close();
  }
}
