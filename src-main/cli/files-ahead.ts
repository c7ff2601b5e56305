/**
 * Starts files before it is their turn to be told of: those that ask the engine for the same share its
 * batches. A crash of the engine takes all of them along, so each of them runs again alone, and only the
 * file that is the reason fails.
 */

import { statSync } from 'node:fs';
import { REQUESTS_AT_ONCE } from '../contract/engine-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { Result } from '../contract/result.ts';
import type { EngineEvent } from '../engine-client/engine-client.ts';
import { type FileRunContext, type PlannedFile, runFile } from './run-file.ts';

/**
 * Of texts that are started before their turn: they are read here and sent whole. A long one fills batches
 * of its own, and would only hold up the first.
 */
const MOST_BYTES_AHEAD = 2 ** 16;

type Listener = (event: EngineEvent) => void;

interface Started {
  readonly result: Promise<Result>;
  /** From now on, beginning with the last event that there was. */
  readonly listen: (listener: Listener) => void;
  over: boolean;
  /** With other files, at some time. */
  together: boolean;
}

export class FilesAhead implements Disposable {
  readonly #files: readonly PlannedFile[];
  readonly #context: FileRunContext;
  readonly #stop = new AbortController();
  /** By position. */
  readonly #started = new Map<number, Started>();

  constructor(files: readonly PlannedFile[], context: FileRunContext) {
    const signal = AbortSignal.any([context.signal, this.#stop.signal]);
    this.#files = files;
    this.#context = { ...context, signal };
  }

  /**
   * To be asked for in order, once for each file that is not passed over.
   *
   * @param onEvent sees the events from now on
   * @throws VeerError as `runFile`
   */
  async result(position: number, onEvent: Listener): Promise<Result> {
    const own = this.#startFrom(position);
    own.listen(onEvent);
    try {
      return await own.result;
    } catch (error) {
      const crashed = error instanceof VeerError && error.code === 'ENGINE_CRASHED';
      if (!crashed || !own.together) throw error;
      await Promise.allSettled([...this.#started.values()].map(({ result }) => result));
      const alone = this.#start(position);
      alone.listen(onEvent);
      return await alone.result;
    } finally {
      this.#started.delete(position);
    }
  }

  /** Ends what nobody will ask for any more. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  /** The file at a position, and those after it as long as they ask for the same. */
  #startFrom(position: number): Started {
    const own = this.#started.get(position) ?? this.#start(position);
    const last = Math.min(this.#files.length, position + REQUESTS_AT_ONCE);
    let bytes = 0;
    for (let next = position + 1; next < last; next++) {
      const file = this.#files[next];
      if (file === undefined || file.plan !== this.#files[position]?.plan) break;
      if (file.task === 'translate') bytes += sizeOf(file.path);
      if (bytes > MOST_BYTES_AHEAD) break;
      if (!this.#started.has(next)) this.#start(next);
    }
    return own;
  }

  #start(position: number): Started {
    const file = this.#files[position];
    if (file === undefined) throw new VeerError('INTERNAL', `There is no file ${position}.`);
    let listener: Listener | null = null;
    let last: EngineEvent | null = null;
    const result = runFile(file, this.#context, (event) => {
      last = event;
      listener?.(event);
    });
    const others = [...this.#started.values()].filter(({ over }) => !over);
    const started: Started = {
      result,
      listen: (next) => {
        listener = next;
        if (last !== null) next(last);
      },
      over: false,
      together: others.length > 0,
    };
    for (const other of others) other.together = true;
    const end = () => {
      started.over = true;
    };
    // Who asks for the result hears of a failure.
    result.then(end, end);
    this.#started.set(position, started);
    return started;
  }
}

/** Bytes of a file; 0 where that is not known. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // Whoever reads it says why it cannot be read.
    return 0;
  }
}
