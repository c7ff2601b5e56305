/**
 * Batches that are filled from several files: a short recording leaves room, and a batch costs less than
 * its units one by one (docs/decisions/019-shared-batches.md). The first file goes first; those behind it
 * get the room that it leaves. Everything else stays with the file: its order, its events, its cancel
 * and its errors.
 */

import { cancelled, throwIfCancelled } from '../../contract/errors.ts';
import type { Model } from '../models/model.ts';
import { type BatchFile, type BatchPart, decodeBatch } from './decode-batch.ts';
import { readUnits, type Unit } from './encode-units.ts';
import type { EncoderCache } from './encoder-cache.ts';
import type { DecodedInput } from './perturbed-decode.ts';
import type { Setup } from './run.ts';

/** A file that is gone through batch by batch. */
export interface BatchSource<Input> extends BatchFile<Input> {
  readonly cache: EncoderCache | null;
  readonly signal: AbortSignal;
  /**
   * Called when there is room.
   *
   * @returns up to `most` units that come next; none once all were handed out
   * @throws VeerError of reading the file
   */
  next(most: number): Promise<readonly Unit<Input>[]>;
  /** @param outputs of the units that were handed out last */
  decoded(outputs: readonly DecodedInput[]): void;
}

class Place<Input> {
  readonly source: BatchSource<Input>;
  readonly #ended = Promise.withResolvers<void>();
  #over = false;

  constructor(source: BatchSource<Input>) {
    this.source = source;
  }

  get over(): boolean {
    return this.#over;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  end(): void {
    this.#over = true;
    this.#ended.resolve();
  }

  fail(error: unknown): void {
    this.#over = true;
    this.#ended.reject(error);
  }
}

interface Part<Input> extends BatchPart<Input> {
  readonly place: Place<Input>;
}

export class SharedBatches<Input> {
  readonly #setup: Setup<Model<Input>>;
  readonly #size: number;
  /** In the order they came. */
  #places: readonly Place<Input>[] = [];
  #working = false;
  /** What is decoded now, and how to stop it. */
  #batch: { readonly places: readonly Place<Input>[]; readonly abort: AbortController } | null =
    null;
  #reading: Place<Input> | null = null;

  /** @param size units per batch */
  constructor(setup: Setup<Model<Input>>, size: number) {
    this.#setup = setup;
    this.#size = size;
  }

  /**
   * Resolves when every unit of a file is decoded.
   *
   * @throws VeerError of reading and decoding it; CANCELLED once nothing is done for it alone any more
   */
  async through(source: BatchSource<Input>): Promise<void> {
    throwIfCancelled(source.signal);
    const place = new Place(source);
    const cancel = () => this.#cancel(place);
    source.signal.addEventListener('abort', cancel, { once: true });
    this.#places = [...this.#places, place];
    void this.#work();
    try {
      await place.ended;
    } finally {
      source.signal.removeEventListener('abort', cancel);
    }
  }

  #cancel(place: Place<Input>): void {
    // Reading hears of it by itself, and so does a batch that is for nobody else.
    if (place === this.#reading) return;
    if (this.#batch?.places.includes(place) === true) {
      const wanted = this.#batch.places.some(({ source }) => !source.signal.aborted);
      if (!wanted) {
        this.#batch.abort.abort(place.source.signal.reason);
        return;
      }
    }
    place.fail(cancelled(place.source.signal));
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    // Who comes in the same turn is in the first batch.
    await new Promise(setImmediate);
    while (this.#places.length > 0) {
      const parts = await this.#read();
      if (parts.length > 0) await this.#decode(parts);
      this.#places = this.#places.filter(({ over }) => !over);
    }
    this.#working = false;
  }

  /** The units of the next batch. A file that cannot be read, or has no more, is over. */
  async #read(): Promise<readonly Part<Input>[]> {
    const parts: Part<Input>[] = [];
    let room = this.#size;
    for (const place of this.#places) {
      if (room === 0) break;
      if (place.over) continue;
      const start = performance.now();
      const part = await this.#readFrom(place, room);
      for (const { file } of parts) file.stopwatch.leaveOut(performance.now() - start);
      if (part === null) continue;
      parts.push(part);
      room -= part.units.length;
      // Where the rows of a batch influence each other, no text may depend on who else waits.
      if (!this.#setup.model.rowsStandAlone) break;
    }
    return parts.filter(({ place }) => !place.over);
  }

  async #readFrom(place: Place<Input>, most: number): Promise<Part<Input> | null> {
    const { source } = place;
    this.#reading = place;
    try {
      const units = await source.next(most);
      throwIfCancelled(source.signal);
      if (units.length > 0) {
        const read = await readUnits(units, source);
        throwIfCancelled(source.signal);
        return { place, file: source, units: read };
      }
      source.stopwatch.end();
      place.end();
    } catch (error) {
      place.fail(source.signal.aborted ? cancelled(source.signal) : error);
    } finally {
      this.#reading = null;
    }
    return null;
  }

  async #decode(parts: readonly Part<Input>[]): Promise<void> {
    const outputs = await this.#outputs(parts);
    if (outputs instanceof Failure) return this.#apart(parts, outputs.error);
    for (const [part, { place }] of parts.entries()) {
      if (place.over) continue;
      try {
        place.source.decoded(outputs[part] ?? []);
      } catch (error) {
        place.fail(error);
      }
    }
  }

  async #outputs(parts: readonly Part<Input>[]) {
    const abort = new AbortController();
    this.#batch = { places: parts.map(({ place }) => place), abort };
    try {
      return await decodeBatch(parts, this.#setup, abort.signal);
    } catch (error) {
      return new Failure(error);
    } finally {
      this.#batch = null;
    }
  }

  /** A batch that failed is decoded file by file, so that only those fail that are the reason. */
  async #apart(parts: readonly Part<Input>[], error: unknown): Promise<void> {
    for (const part of parts) {
      const { over, source } = part.place;
      if (over) continue;
      if (source.signal.aborted) part.place.fail(cancelled(source.signal));
      else if (parts.length === 1) part.place.fail(error);
      else await this.#decode([part]);
    }
  }
}

class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}
