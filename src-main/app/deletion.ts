/**
 * Deleting for good: first an item is only marked, so that it can be brought back; once the time to
 * undo is over its files go, and then its rows. Retention takes the same way; what is not to be kept
 * goes when the program ends. What a crash left half deleted is finished at the next start.
 */

import type { SettingsFile } from '../settings/settings-file.ts';

/** What of the history is needed here. Moments are milliseconds since 1970. */
interface DeletionStore {
  /** Marks items now. @throws VeerError ITEM_NOT_FOUND, and then marks none */
  markDeleted(itemIds: readonly string[]): void;
  /** @throws VeerError ITEM_NOT_FOUND */
  restore(itemIds: readonly string[]): void;
  /** Made before the moment, and not marked. */
  olderThan(moment: number): readonly string[];
  notKept(): readonly string[];
  /** Marked at or before the moment. */
  due(markedUntil: number): readonly string[];
  /** When the first of the marked items was marked; null where none is. */
  firstMark(): number | null;
  /** Removes the rows, and every trace of them in the database's files. */
  purge(itemIds: readonly string[]): Promise<void>;
}

export interface DeletionParts {
  readonly history: DeletionStore;
  readonly settings: SettingsFile;
  readonly now: () => number;
  readonly reportFault: (fault: unknown) => void;
  /** Ends what still works on an item. */
  readonly stop: (itemId: string) => Promise<void>;
  readonly removeFiles: (itemId: string) => Promise<void>;
  /** Is told of items that were marked, brought back or deleted for good. */
  readonly tell: (itemIds: readonly string[]) => void;
}

const DAY = 86_400_000;
/** Retention is looked at this often, and setTimeout takes no more than 24 days. */
const LONGEST_SLEEP = DAY / 4;

export class Deletion {
  readonly #parts: DeletionParts;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #purging: Promise<void> = Promise.resolve();

  constructor(parts: DeletionParts) {
    this.#parts = parts;
  }

  /** Finishes what the program before left, and keeps an eye on what becomes due. */
  start(): void {
    this.#inTurn(async () => {
      await this.#purge(this.#parts.history.notKept());
      await this.#purgeDue();
    }).catch(this.#parts.reportFault);
  }

  /** @returns until when it can be undone. @throws VeerError ITEM_NOT_FOUND */
  async delete(itemIds: readonly string[]): Promise<{ until: number }> {
    const { history, settings, now, stop, tell } = this.#parts;
    history.markDeleted(itemIds);
    for (const itemId of itemIds) await stop(itemId);
    tell(itemIds);
    this.#sleep();
    return { until: now() + settings.current.undoSeconds * 1000 };
  }

  /** @throws VeerError ITEM_NOT_FOUND */
  restore(itemIds: readonly string[]): void {
    this.#parts.history.restore(itemIds);
    this.#parts.tell(itemIds);
  }

  /** Deletes for good what is due now. */
  purgeDue(): Promise<void> {
    return this.#inTurn(() => this.#purgeDue());
  }

  /** Also deletes what was not to be kept. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#inTurn(() => this.#purge(this.#parts.history.notKept()));
  }

  /** One at a time: two of them would delete the same items. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#purging.then(act).finally(() => this.#sleep());
    this.#purging = done.catch(() => undefined);
    return done;
  }

  async #purgeDue(): Promise<void> {
    const { history, settings, now, tell } = this.#parts;
    const { retentionDays, undoSeconds } = settings.current;
    if (retentionDays !== null) {
      const old = history.olderThan(now() - retentionDays * DAY);
      history.markDeleted(old);
      tell(old);
    }
    await this.#purge(history.due(now() - undoSeconds * 1000));
  }

  async #purge(itemIds: readonly string[]): Promise<void> {
    const { history, stop, removeFiles, tell } = this.#parts;
    if (itemIds.length === 0) return;
    // Files first: after a crash in between the rows still say what is to be finished.
    for (const itemId of itemIds) {
      await stop(itemId);
      await removeFiles(itemId);
    }
    await history.purge(itemIds);
    tell(itemIds);
  }

  #sleep(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#closed) return;
    const { history, settings, now, reportFault } = this.#parts;
    const first = history.firstMark();
    const due =
      first === null ? LONGEST_SLEEP : first + settings.current.undoSeconds * 1000 - now();
    const wait = Math.min(LONGEST_SLEEP, Math.max(0, due) + 50);
    this.#timer = setTimeout(() => this.purgeDue().catch(reportFault), wait).unref();
  }
}
