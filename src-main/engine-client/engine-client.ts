/**
 * The engine for whoever composes the program: starts the process when first needed, watches it,
 * and hides that it is one. A native crash is retried once on the CPU, and said in the result; a
 * cancel that is not answered in time ends the process.
 */

import type { DeviceRequest } from '../contract/devices.ts';
import type { DeviceInfo, RunEvent, RunOptions, Sentence } from '../contract/engine-contract.ts';
import { fromTransportError, isTransportError } from '../contract/error-transport.ts';
import { cancelled, throwIfCancelled, VeerError } from '../contract/errors.ts';
import { EngineProcessHandle } from './engine-process-handle.ts';

/** Events of a run; `restarted` says that everything before it is void and comes again. */
export type EngineEvent = RunEvent | { readonly type: 'restarted'; readonly reason: string };

export interface EngineClientOptions {
  /** Milliseconds that a cancelled run may take to answer before its process is ended. */
  readonly cancelGrace: number;
}

const DEFAULTS: EngineClientOptions = { cancelGrace: 2000 };

const NEVER = new AbortController().signal;

/** Milliseconds in which the exit of a process is noticed after its channel broke. */
const CRASH_NOTICE = 200;

type StartRun = (
  handle: EngineProcessHandle,
  device: DeviceRequest,
  signal: AbortSignal,
) => Promise<AsyncIterable<RunEvent>>;

export class EngineClient {
  readonly #options: EngineClientOptions;
  #handle: EngineProcessHandle | null = null;

  constructor(options: Partial<EngineClientOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Process id of the running engine, for tests and diagnostics. */
  get pid(): number | undefined {
    return this.#handle?.pid;
  }

  /** @throws VeerError ENGINE_CRASHED */
  devices(): Promise<readonly DeviceInfo[]> {
    const handle = this.#running();
    return this.#answer(handle, NEVER, handle.client.devices());
  }

  /**
   * @throws VeerError with the codes of the engine's pipelines, CANCELLED, or ENGINE_CRASHED after
   *   a second crash
   */
  transcribe(path: string, options: RunOptions, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    return this.#run(options, signal, (handle, device, inner) =>
      handle.client.transcribe({ ...options, device, path }, { signal: inner }),
    );
  }

  /** @throws as `transcribe` */
  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent> {
    return this.#run(options, signal, (handle, device, inner) =>
      handle.client.translate({ ...options, device, sentences: [...sentences] }, { signal: inner }),
    );
  }

  /** Ends the process, if one is running. */
  async close(): Promise<void> {
    await this.#handle?.stop();
    this.#handle = null;
  }

  async *#run(
    options: RunOptions,
    signal: AbortSignal,
    start: StartRun,
  ): AsyncGenerator<EngineEvent> {
    try {
      yield* this.#attempt(options.device, signal, start);
    } catch (error) {
      if (!(error instanceof VeerError) || error.code !== 'ENGINE_CRASHED') throw error;
      yield { type: 'restarted', reason: error.message };
      // What was asked for stays in the result, with the crash as the reason for the CPU.
      const device = options.device === 'auto' ? 'cpu' : options.device;
      const fallbacks = [{ device, reason: error.message }];
      for await (const event of this.#attempt('cpu', signal, start)) {
        if (event.type === 'ready') {
          yield { ...event, device: { ...event.device, requested: options.device, fallbacks } };
        } else {
          yield event;
        }
      }
    }
  }

  async *#attempt(
    device: DeviceRequest,
    signal: AbortSignal,
    start: StartRun,
  ): AsyncGenerator<RunEvent> {
    throwIfCancelled(signal);
    const handle = this.#running();
    const events = await this.#answer(handle, signal, start(handle, device, signal));
    const iterator = events[Symbol.asyncIterator]();
    try {
      while (true) {
        const next = await this.#answer(handle, signal, iterator.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // A reader that leaves early ends the run; there is nobody left to hear of a failure.
      iterator.return?.().catch(() => undefined);
    }
  }

  /** Waits for an answer and names its failure: a cancel, a crash, or an error of the engine. */
  async #answer<T>(
    handle: EngineProcessHandle,
    signal: AbortSignal,
    answer: Promise<T>,
  ): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (signal.aborted) {
        await this.#stopIfStuck(handle);
        throw cancelled(signal);
      }
      if (isTransportError(error)) throw fromTransportError(error);
      const exit = await within(handle.exited, CRASH_NOTICE);
      await handle.stop();
      throw new VeerError(
        'ENGINE_CRASHED',
        `The engine process stopped unexpectedly: ${exit ?? 'it no longer answers'}. Try again with --device cpu, or another dtype.`,
        { cause: error },
      );
    }
  }

  /** A native call cannot be interrupted: a process that stays in one too long is ended. */
  async #stopIfStuck(handle: EngineProcessHandle): Promise<void> {
    const answered = handle.client.ping().catch(() => null);
    const answer = await within(answered, this.#options.cancelGrace);
    if (answer === null) await handle.stop();
  }

  #running(): EngineProcessHandle {
    if (this.#handle === null || !this.#handle.alive) this.#handle = new EngineProcessHandle();
    return this.#handle;
  }
}

/** The value of a promise, or null where it takes longer. Nothing is left running. */
async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
