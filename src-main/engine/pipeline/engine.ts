/**
 * The engine as the contract describes it: loads what a request asks for, runs the pipeline and
 * hands out its events. One model is kept loaded, since files of one queue use the same. Requests that
 * ask for the same of it share batches; others wait for their turn.
 *
 * What reads sound is imported by the requests that need it: reading the bindings of FFmpeg takes as
 * long as half of all other code.
 */

import { statSync } from 'node:fs';
import {
  type AudioPart,
  type DeviceInfo,
  type DeviceTrial,
  type DeviceTrialResult,
  type MediaEvent,
  type MediaInput,
  type RunEvent,
  type RunOptions,
  requireFiniteAlphas,
  type Sentence,
} from '../../contract/engine-contract.ts';
import { VeerError } from '../../contract/errors.ts';
import { eventsOf } from '../../contract/events-of.ts';
import type { Task } from '../../contract/result.ts';
import { cutsAtPauses, requireSpeech } from '../../contract/speech.ts';
import { type LoadModelOptions, loadModel } from '../models/factory.ts';
import type { LoadedModel, SpeechModel, TextModel } from '../models/model.ts';
import type { WhisperRun } from '../models/whisper/run.ts';
import { WhisperModel } from '../models/whisper/whisper.ts';
import { adapterName } from '../onnx/adapter-name.ts';
import { probeDevices } from '../onnx/devices.ts';
import { runtimeVersion } from '../onnx/versions.ts';
import { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import { likenessOf } from './choose-alpha.ts';
import { EncoderCache } from './encoder-cache.ts';
import { loadProxyFor } from './load-proxy.ts';
import { measureDevice } from './measure-device.ts';
import type { Run } from './run.ts';
import type { SharedBatches } from './shared-batches.ts';
import { sentenceBatches, translate } from './translate.ts';
import { Turns } from './turns.ts';

const NEVER = new AbortController().signal;

interface LoadedFor<T extends Task, M extends LoadedModel, Input> {
  readonly task: T;
  readonly model: M;
  readonly proxy: PerturbationProxy | null;
  /** Of the requests that came last. */
  readonly batches: Latest<SharedBatches<Input>>;
}

type Loaded =
  | LoadedFor<'transcribe', SpeechModel, Float32Array>
  | LoadedFor<'translate', TextModel, string>;

/** A request that is being worked on. */
interface Working {
  readonly signal: AbortSignal;
  readonly ended: Promise<unknown>;
}

export class Engine {
  #loaded: { readonly key: string; readonly loading: Promise<Loaded> } | null = null;
  readonly #turns = new Turns();
  readonly #loading: Pick<LoadModelOptions, 'hashFiles'>;
  readonly #working = new Set<Working>();

  /** @param loading how every model is loaded */
  constructor(loading: Pick<LoadModelOptions, 'hashFiles'> = {}) {
    this.#loading = loading;
  }

  devices(): Promise<DeviceInfo[]> {
    return probeDevices();
  }

  /** @throws VeerError as `loadModel`, DEVICE_UNKNOWN */
  async measureDevice({ modelDirectory, ...trial }: DeviceTrial): Promise<DeviceTrialResult> {
    using _turn = await this.#turns.take(null, NEVER);
    await this.dispose();
    const model = await loadModel({ directory: modelDirectory, ...trial, ...this.#loading });
    try {
      const { encoderSha256, decoderSha256 } = model.identity;
      const { used, fallbacks } = model.device;
      if (used !== trial.device) {
        const why = fallbacks.map(({ reason }) => reason).join(' ');
        throw new VeerError('DEVICE_UNKNOWN', why);
      }
      const { tokenIds, ...times } = await measureDevice(model);
      return {
        ...times,
        tokenIds: tokenIds.map((ids) => [...ids]),
        encoderSha256,
        decoderSha256,
        device: used,
        adapter: await adapterName(),
        runtime: runtimeVersion(),
      };
    } finally {
      await model.dispose();
    }
  }

  transcribe(
    path: string,
    part: AudioPart,
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    return this.events(signal, async (emit) => {
      const keys = keysOf(options);
      using _turn = await this.#turns.take(keys.turn, signal);
      const { loaded, loadTime } = await this.#load(options, keys.model);
      const { model } = loaded;
      if (loaded.task !== 'transcribe') throw wrongTask(model, 'transcribe');
      const whisper = whisperRun(loaded.model, options);
      const languages =
        whisper === null
          ? languagesOf(model)
          : { language: whisper.language, sourceLanguage: whisper.spokenLanguage };
      const run = await runOf(loaded, options, { loadTime, languages, emit, signal });
      const { transcribe, windowBatches } = await import('./transcribe.ts');
      const batches = loaded.batches.of(keys.turn, () => windowBatches(run));
      await transcribe(path, part, run, whisper, batches);
    });
  }

  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    return this.events(signal, async (emit) => {
      const keys = keysOf(options);
      using _turn = await this.#turns.take(keys.turn, signal);
      const { loaded, loadTime } = await this.#load(options, keys.model);
      const { model } = loaded;
      if (loaded.task !== 'translate') throw wrongTask(model, 'translate');
      const languages = languagesOf(model);
      const run = await runOf(loaded, options, { loadTime, languages, emit, signal });
      const batches = loaded.batches.of(keys.turn, () => sentenceBatches(run));
      await translate(sentences, run, batches);
    });
  }

  /** Writes the playback copy and the peaks of a recording. Loads no model. */
  prepareMedia(input: MediaInput, signal: AbortSignal): AsyncGenerator<MediaEvent> {
    return this.events(signal, async (emit) => {
      const { prepareMedia } = await import('../audio/prepare-media.ts');
      await prepareMedia(input, emit, signal);
    });
  }

  /** Resolves when nothing is being done any more for requests that were cancelled. */
  async cancelledEnded(): Promise<void> {
    const cancelled = [...this.#working].filter(({ signal }) => signal.aborted);
    await Promise.all(cancelled.map(({ ended }) => ended));
  }

  async dispose(): Promise<void> {
    const before = this.#loaded;
    this.#loaded = null;
    const loaded = await before?.loading.catch(() => null);
    await loaded?.proxy?.dispose();
    await loaded?.model.dispose();
  }

  /** Events of work that is not the pipeline's own; `cancelledEnded` waits for it too. */
  events<Event>(
    signal: AbortSignal,
    run: (emit: (event: Event) => void) => Promise<void>,
  ): AsyncGenerator<Event> {
    return eventsOf((emit) => {
      const running = run(emit);
      const working: Working = { signal, ended: running.catch(() => undefined) };
      this.#working.add(working);
      return running.finally(() => this.#working.delete(working));
    });
  }

  /** To be called in a turn. Requests that share one wait for the same loading. */
  async #load(options: RunOptions, key: string): Promise<{ loaded: Loaded; loadTime: number }> {
    if (this.#loaded?.key === key) return { loaded: await this.#loaded.loading, loadTime: 0 };
    const start = performance.now();
    const loading = this.dispose().then(() => this.#loadAnew(options));
    this.#loaded = { key, loading };
    try {
      return { loaded: await loading, loadTime: performance.now() - start };
    } catch (error) {
      if (this.#loaded?.loading === loading) this.#loaded = null;
      throw error;
    }
  }

  async #loadAnew(options: RunOptions): Promise<Loaded> {
    const { modelDirectory: directory, proxyDirectory, dtype, device, threads } = options;
    const { language, sourceLanguage, measurements = [] } = options;
    const model = await loadModel({
      directory,
      dtype,
      device,
      measurements,
      threads,
      language,
      sourceLanguage,
      ...this.#loading,
    });
    try {
      const proxy =
        proxyDirectory === null ? null : await loadProxyFor(model, proxyDirectory, threads);
      return model.task === 'transcribe'
        ? { task: model.task, model, proxy, batches: new Latest() }
        : { task: model.task, model, proxy, batches: new Latest() };
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }
}

/** A value that is made anew when another key is asked for. */
class Latest<T> {
  #made: { readonly key: string | null; readonly value: T } | null = null;

  of(key: string | null, make: () => T): T {
    if (this.#made?.key !== key || key === null) this.#made = { key, value: make() };
    return this.#made.value;
  }
}

/**
 * What requests must have in common.
 *
 * @throws VeerError ALPHA_NOT_FINITE, OPTION_INVALID for options that do not go together
 */
function keysOf(options: RunOptions) {
  requireFiniteAlphas(options.alphas);
  requireSpeech(options.speech ?? null, options.search);
  const { modelDirectory, proxyDirectory, dtype, device, measurements = [], threads } = options;
  const { language, sourceLanguage } = options;
  // A model that was removed and imported anew lies in a folder of the same name.
  const loaded = [
    modelDirectory,
    changedAt(modelDirectory),
    proxyDirectory,
    dtype,
    device,
    measurements,
    threads,
  ];
  const model = [...loaded, language, sourceLanguage];
  const { alphas, predictPerturbed, chooseAlpha = false, search, speech = null } = options;
  const batch = [alphas, predictPerturbed, chooseAlpha, search, speech, options.batchSize];
  return {
    /** To use a loaded model. */
    model: JSON.stringify(model),
    /** To share batches; null where nothing can be shared. */
    turn: cutsAtPauses(speech) ? JSON.stringify([model, batch]) : null,
  };
}

/** Milliseconds; null for a folder that cannot be read, which loading names. */
function changedAt(directory: string): number | null {
  try {
    return statSync(directory).mtimeMs;
  } catch {
    return null;
  }
}

interface RunParts extends Pick<Run<LoadedModel>, 'loadTime' | 'emit' | 'signal'> {
  readonly languages: Pick<Extract<RunEvent, { type: 'ready' }>, 'language' | 'sourceLanguage'>;
}

async function runOf<M extends LoadedModel>(
  { model, proxy }: { readonly model: M; readonly proxy: PerturbationProxy | null },
  options: RunOptions,
  { languages, ...parts }: RunParts,
): Promise<Run<M>> {
  const { alphas, predictPerturbed, chooseAlpha = false } = options;
  const { search, batchSize, encoderCache } = options;
  const { identity, device } = model;
  return {
    ...parts,
    model,
    proxy,
    cache: encoderCache === null ? null : await EncoderCache.open(encoderCache, model),
    memory: new PerturbationMemory(),
    alphas,
    predictPerturbed,
    likeness: chooseAlpha ? likenessOf(model.task) : null,
    search,
    batchSize,
    begin: () =>
      parts.emit({
        type: 'ready',
        model: identity,
        proxy: proxy?.identity ?? null,
        device,
        ...languages,
      }),
  };
}

/** What is written and what is read or heard, as far as it is known before the first input. */
function languagesOf({ language, sourceLanguage }: LoadedModel): RunParts['languages'] {
  return { language, sourceLanguage };
}

/**
 * What is asked of a model of Whisper's family; null for another one, which has no options.
 *
 * @throws VeerError OPTION_INVALID for what the model cannot do
 */
function whisperRun(model: SpeechModel, options: RunOptions): WhisperRun | null {
  const { speech = null, detectedLanguage = null } = options;
  if (model instanceof WhisperModel) return model.run(speech, detectedLanguage);
  if (speech === null) return null;
  const { id, family } = model.identity;
  throw new VeerError(
    'OPTION_INVALID',
    `${id} is a ${family} model: it only writes down what it hears, window by window. Leave out the options for Whisper.`,
  );
}

function wrongTask(model: LoadedModel, task: Task): VeerError {
  const { id, family } = model.identity;
  return new VeerError(
    'MODEL_TASK_MISMATCH',
    `${id} is a ${family} model: it can ${model.task}, not ${task}. Choose another one with --model.`,
  );
}
