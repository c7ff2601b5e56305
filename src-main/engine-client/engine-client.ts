/**
 * The engine for whoever composes the program: starts the process when first needed, watches it,
 * and hides that it is one. A native crash is retried once on the CPU, and said in the result, or
 * left to the caller (`onCrash`); a cancel that is not answered in time ends the process.
 */

import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Device, DeviceRequest } from '../contract/devices.ts';
import type {
  AudioPart,
  DeviceInfo,
  DeviceTrial,
  DeviceTrialResult,
  engineContract,
  MediaEvent,
  RunEvent,
  RunOptions,
  Sentence,
} from '../contract/engine-contract.ts';
import { fromTransportError, isTransportError } from '../contract/error-transport.ts';
import { cancelled, throwIfCancelled, VeerError } from '../contract/errors.ts';
import type { ConvertEvent, ConvertModelInput } from '../contract/model-import.ts';
import type {
  EvaluateProxyInput,
  EvaluationEvent,
  TrainingEvent,
  TrainProxyInput,
} from '../contract/proxy-training.ts';
import { launchChildProcess } from './child-process-engine.ts';
import type { EngineProcess, LaunchEngine } from './engine-process.ts';

/** Events of a run; `restarted` says that everything before it is void and comes again. */
export type EngineEvent = RunEvent | { readonly type: 'restarted'; readonly reason: string };

export type OnCrash = 'restart' | 'fail';

export interface EngineClientOptions {
  /** Starts the process. Default: Node's child process. */
  readonly launch: LaunchEngine;
  /** Milliseconds that a cancelled run may take to answer before its process is ended. */
  readonly cancelGrace: number;
  /**
   * What a native crash in mid-run means. `restart`: the run begins again on the CPU, once.
   * `fail`: ENGINE_CRASHED at once, for a caller that goes on where it was.
   */
  readonly onCrash: OnCrash;
}

/** Where `prepareMedia` writes. */
export interface MediaPaths {
  readonly playbackPath: string;
  readonly peaksPath: string;
}

const DEFAULTS = { launch: launchChildProcess, cancelGrace: 1500 };

const NEVER = new AbortController().signal;

/** Milliseconds in which the exit of a process is noticed after its channel broke. */
const CRASH_NOTICE = 200;

/** What a person can do after a crash. */
const RUN_ADVICE = 'Try again with --device cpu, or another dtype.';
const TRAINING_ADVICE = 'Start it again: it goes on from what was stored.';
const IMPORT_ADVICE = 'The files may be damaged: copy them again from where they came from.';
const MEDIA_ADVICE = 'Try again, or convert the file to wav, mp3 or m4a first.';

interface Running {
  readonly process: EngineProcess;
  readonly client: ContractRouterClient<typeof engineContract>;
  /** Of the streams that are being read. */
  readonly requests: Set<{ readonly signal: AbortSignal }>;
}

type Start<Event> = (running: Running, signal: AbortSignal) => Promise<AsyncIterable<Event>>;
type StartRun = (
  running: Running,
  device: DeviceRequest,
  signal: AbortSignal,
) => Promise<AsyncIterable<RunEvent>>;

/** What a run reports: only a client that restarts it says so. */
type EventOf<Crash extends OnCrash> = Crash extends 'restart' ? EngineEvent : RunEvent;

/** @typeParam Crash `onCrash` of its options */
export class EngineClient<Crash extends OnCrash = 'fail'> {
  readonly #options: EngineClientOptions;
  #current: Running | null = null;

  /** Starts nothing: the process comes with the first request. */
  constructor(options: Partial<EngineClientOptions> & { readonly onCrash: Crash }) {
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Process id of the running engine, for tests and diagnostics. */
  get pid(): number | undefined {
    return this.#current?.process.pid;
  }

  /** @throws VeerError ENGINE_CRASHED */
  devices(): Promise<readonly DeviceInfo[]> {
    const running = this.#running();
    return this.#answer(running, NEVER, running.client.devices(), RUN_ADVICE);
  }

  /**
   * A crash is the caller's, who learns from it that the device is of no use.
   *
   * @throws VeerError as the engine's loading of models, DEVICE_UNKNOWN, CANCELLED, ENGINE_CRASHED
   */
  measureDevice(trial: DeviceTrial, signal: AbortSignal): Promise<DeviceTrialResult> {
    const running = this.#running();
    const answer = running.client.measureDevice(trial, { signal });
    return this.#answer(running, signal, answer, RUN_ADVICE);
  }

  /**
   * @param part which windows of the recording
   * @throws VeerError with the codes of the engine's pipelines, CANCELLED, or ENGINE_CRASHED
   *   (after a second crash where `onCrash` is `restart`)
   */
  transcribe(
    path: string,
    part: AudioPart,
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<EventOf<Crash>> {
    return this.#run(options, signal, ({ client }, device, inner) =>
      client.transcribe({ ...options, device, path, part }, { signal: inner }),
    );
  }

  /** @throws as `transcribe` */
  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<EventOf<Crash>> {
    return this.#run(options, signal, ({ client }, device, inner) =>
      client.translate({ ...options, device, sentences: [...sentences] }, { signal: inner }),
    );
  }

  /**
   * Writes the playback copy and the peaks of a recording (docs/media.md); either both or none.
   *
   * @throws VeerError as the engine's reading of audio, OUTPUT_NOT_WRITABLE, DISK_FULL, CANCELLED,
   *   ENGINE_CRASHED
   */
  prepareMedia(path: string, paths: MediaPaths, signal: AbortSignal): AsyncGenerator<MediaEvent> {
    const start: Start<MediaEvent> = ({ client }, inner) =>
      client.prepareMedia({ path, ...paths }, { signal: inner });
    return this.#attempt(start, signal, MEDIA_ADVICE);
  }

  /**
   * @throws VeerError with the codes of the engine's training, CANCELLED, ENGINE_CRASHED. What was
   *   stored until then stays, and the next training goes on from it.
   */
  trainProxy(input: TrainProxyInput, signal: AbortSignal): AsyncGenerator<TrainingEvent> {
    const start: Start<TrainingEvent> = ({ client }, inner) =>
      client.trainProxy(input, { signal: inner });
    return this.#attempt(start, signal, TRAINING_ADVICE);
  }

  /** @throws as `trainProxy` */
  evaluateProxy(input: EvaluateProxyInput, signal: AbortSignal): AsyncGenerator<EvaluationEvent> {
    const start: Start<EvaluationEvent> = ({ client }, inner) =>
      client.evaluateProxy(input, { signal: inner });
    return this.#attempt(start, signal, TRAINING_ADVICE);
  }

  /**
   * Makes a model folder; what it left when it fails is the caller's to delete.
   *
   * @throws VeerError with the codes of the engine's importing, CANCELLED, ENGINE_CRASHED
   */
  convertModel(input: ConvertModelInput, signal: AbortSignal): AsyncGenerator<ConvertEvent> {
    const start: Start<ConvertEvent> = ({ client }, inner) =>
      client.convertModel(input, { signal: inner });
    return this.#attempt(start, signal, IMPORT_ADVICE);
  }

  /** Ends the process, if one is running. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current !== null) await stop(current);
  }

  #run(options: RunOptions, signal: AbortSignal, start: StartRun): AsyncGenerator<EventOf<Crash>> {
    const attempt = (device: DeviceRequest) =>
      this.#attempt<RunEvent>(
        (running, inner) => start(running, device, inner),
        signal,
        RUN_ADVICE,
      );
    const events: AsyncGenerator<EngineEvent> =
      this.#options.onCrash === 'fail'
        ? attempt(options.device)
        : withRestart(options.device, attempt);
    // TypeScript does not follow that `onCrash` is `Crash`.
    return events as AsyncGenerator<EventOf<Crash>>;
  }

  async *#attempt<Event>(
    start: Start<Event>,
    signal: AbortSignal,
    advice: string,
  ): AsyncGenerator<Event> {
    throwIfCancelled(signal);
    const running = this.#running();
    const request = { signal };
    running.requests.add(request);
    const inner = new AbortController();
    const answer = start(running, inner.signal);
    const aborted = Promise.withResolvers<never>();
    const abort = () => {
      aborted.reject(signal.reason);
      // An abort that is sent before the answer can overtake a long request, and would be lost.
      const forward = () => inner.abort(signal.reason);
      answer.then(forward, forward);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      const first = Promise.race([answer, aborted.promise]);
      const events = await this.#answer(running, signal, first, advice);
      yield* this.#read(events, running, signal, advice);
    } finally {
      signal.removeEventListener('abort', abort);
      running.requests.delete(request);
    }
  }

  async *#read<Event>(
    events: AsyncIterable<Event>,
    running: Running,
    signal: AbortSignal,
    advice: string,
  ): AsyncGenerator<Event> {
    const iterator = events[Symbol.asyncIterator]();
    try {
      while (true) {
        const next = await this.#answer(running, signal, iterator.next(), advice);
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
    running: Running,
    signal: AbortSignal,
    answer: Promise<T>,
    advice: string,
  ): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (signal.aborted) {
        await this.#stopIfStuck(running);
        throw cancelled(signal);
      }
      if (isTransportError(error)) throw fromTransportError(error);
      const exit = await within(running.process.exited, CRASH_NOTICE);
      await stop(running);
      throw new VeerError(
        'ENGINE_CRASHED',
        `The engine process stopped unexpectedly: ${exit ?? 'it no longer answers'}. ${advice}`,
        { cause: error },
      );
    }
  }

  /**
   * A native call cannot be interrupted: a process that stays in one too long is ended, unless it works
   * for others too.
   */
  async #stopIfStuck(running: Running): Promise<void> {
    const answered = running.client.ping().catch(() => null);
    const wanted = [...running.requests].some(({ signal }) => !signal.aborted);
    const answer = wanted ? await answered : await within(answered, this.#options.cancelGrace);
    if (answer === null) await stop(running);
  }

  #running(): Running {
    if (this.#current?.process.alive === true) return this.#current;
    const process = this.#options.launch();
    const client: Running['client'] = createORPCClient(new RPCLink({ port: process.port }));
    this.#current = { process, client, requests: new Set() };
    return this.#current;
  }
}

/** A run that begins again on the CPU after a crash, once. */
async function* withRestart(
  device: DeviceRequest,
  attempt: (device: DeviceRequest) => AsyncGenerator<RunEvent>,
): AsyncGenerator<EngineEvent> {
  let used: Device | null = null;
  try {
    for await (const event of attempt(device)) {
      if (event.type === 'ready') used = event.device.used;
      yield event;
    }
  } catch (error) {
    if (!(error instanceof VeerError) || error.code !== 'ENGINE_CRASHED') throw error;
    yield { type: 'restarted', reason: error.message };
    // What was asked for stays in the result, with the crash as the reason for the CPU.
    const crashed = used ?? (device === 'auto' ? 'cpu' : device);
    const fallbacks = [{ device: crashed, reason: error.message }];
    for await (const event of attempt('cpu')) {
      if (event.type === 'ready') {
        yield { ...event, device: { ...event.device, requested: device, fallbacks } };
      } else {
        yield event;
      }
    }
  }
}

async function stop({ process }: Running): Promise<void> {
  process.kill();
  await process.exited;
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
