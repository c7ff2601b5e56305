/**
 * Writes items into a data folder through the program's own store, as if they had been made there:
 * for measurements and for screens that must look the same each time.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemKind } from '../src-main/contract/history.ts';
import type { JobError, RunSettings } from '../src-main/contract/jobs.ts';
import { NO_TIMINGS, type Segment, type Timings } from '../src-main/contract/result.ts';
import { Connection } from '../src-main/history/connection.ts';
import { HistoryJobStore } from '../src-main/history/job-store.ts';
import { type DatabaseOptions, openDatabase } from '../src-main/history/open-database.ts';
import { Runs } from '../src-main/history/runs.ts';
import { Units } from '../src-main/history/units.ts';
import type { RunFacts } from '../src-main/jobs/job-store.ts';

export interface WrittenItem {
  readonly itemId: string;
  readonly runId: string;
}

export interface NewWrittenItem {
  readonly name: string;
  readonly kind: ItemKind;
  /** Read when it is prepared for playing, and when more of it is computed. */
  readonly sourcePath: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly settings: RunSettings;
  /** Null: the run has not begun. */
  readonly facts: RunFacts | null;
  /** In the order of the file. */
  readonly segments: Iterable<Segment>;
  /** Seconds of audio, or sentences, of the whole item. */
  readonly total: number;
  readonly timings?: Timings;
  /** How the job ended, where it was not done. */
  readonly ended?:
    | { readonly state: 'failed'; readonly error: JobError }
    | { readonly state: 'cancelled' };
  /** Whether the job stays in the queue's list. */
  readonly listed?: boolean;
  /** False for a recording whose source is not there: nothing tries to prepare it for playing. */
  readonly playable?: boolean;
}

export class HistoryWriter {
  /** Of the data folder, as the program opens it. */
  readonly options: DatabaseOptions;
  readonly #connection: Connection;
  readonly #jobs: HistoryJobStore;
  readonly #unplayable: { run(itemId: string): unknown };
  #now = 0;
  #ids = 0;

  /** @param folder data folder; made where it is not there */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const now = () => this.#now;
    this.options = {
      file: join(folder, 'veer.db'),
      backupsDirectory: join(folder, 'backups'),
      now,
    };
    this.#connection = new Connection(openDatabase(this.options));
    const [runs, units] = [new Runs(this.#connection), new Units(this.#connection)];
    this.#jobs = new HistoryJobStore(this.#connection, runs, units, now);
    this.#unplayable = this.#connection.prepare("UPDATE items SET media = 'failed' WHERE id = ?");
  }

  /** Does several things in one transaction, which is much faster. */
  together<T>(act: () => T): T {
    return this.#connection.write(act);
  }

  add(item: NewWrittenItem): WrittenItem {
    return this.together(() => this.#add(item));
  }

  close(): void {
    this.#connection.close();
  }

  #add(item: NewWrittenItem): WrittenItem {
    this.#now = item.createdAt;
    const { name, kind, sourcePath, settings } = item;
    const [itemId, runId, jobId] = [this.#nextId(), this.#nextId(), this.#nextId()];
    this.#jobs.addItem(
      { id: itemId, kind, name, sourcePath, ownsSource: false, keep: true },
      { id: runId, itemId, settings },
      { id: jobId, runId, work: { kind: 'whole' } },
    );
    if (item.facts !== null) this.#jobs.setRunFacts(runId, item.facts);
    let done = 0;
    for (const segment of item.segments) {
      done = segment.end ?? done + 1;
      this.#jobs.commitSegment(jobId, segment, { done, total: item.total });
    }
    if (item.ended === undefined) {
      this.#jobs.finishJob(jobId, kind === 'audio' ? item.total : null, item.timings ?? NO_TIMINGS);
    } else {
      this.#jobs.setState(jobId, item.ended);
    }
    if (item.listed !== true) this.#jobs.removeJob(jobId);
    if (item.playable === false) this.#unplayable.run(itemId);
    return { itemId, runId };
  }

  #nextId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}
