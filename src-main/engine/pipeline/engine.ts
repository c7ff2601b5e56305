/**
 * The engine as the contract describes it: loads what a request asks for, runs the pipeline and
 * hands out its events. One model is kept loaded, since files of one queue use the same.
 *
 * What reads sound is imported by the requests that need it: reading the bindings of FFmpeg takes as
 * long as half of all other code.
 */

import { stat } from 'node:fs/promises';
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
import { requireSpeech } from '../../contract/speech.ts';
import { type LoadModelOptions, loadModel } from '../models/factory.ts';
import type { LoadedModel, SpeechModel } from '../models/model.ts';
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
import { translate } from './translate.ts';

interface Loaded {
  readonly key: string;
  readonly model: LoadedModel;
  readonly proxy: PerturbationProxy | null;
}

/** A request that is being worked on. */
interface Working {
  readonly signal: AbortSignal;
  readonly ended: Promise<unknown>;
}

export class Engine {
  #loaded: Loaded | null = null;
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
      const run = await this.#start(options, emit, signal);
      const { model } = run;
      if (model.task !== 'transcribe') throw wrongTask(model, 'transcribe');
      const { transcribe } = await import('./transcribe.ts');
      await transcribe(path, part, { ...run, model }, whisperRun(model, options));
    });
  }

  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    return this.events(signal, async (emit) => {
      const run = await this.#start(options, emit, signal);
      const { model } = run;
      if (model.task !== 'translate') throw wrongTask(model, 'translate');
      await translate(sentences, { ...run, model });
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
    const loaded = this.#loaded;
    this.#loaded = null;
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

  async #start(
    options: RunOptions,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<Run<LoadedModel>> {
    requireFiniteAlphas(options.alphas);
    requireSpeech(options.speech ?? null, options.search);
    const start = performance.now();
    const { model, proxy } = await this.#load(options);
    emit({
      type: 'ready',
      model: model.identity,
      proxy: proxy?.identity ?? null,
      device: model.device,
      ...languagesOf(model, options),
    });
    const { alphas, predictPerturbed, chooseAlpha = false } = options;
    const { search, batchSize, encoderCache } = options;
    const cache = encoderCache === null ? null : await EncoderCache.open(encoderCache, model);
    const loadTime = performance.now() - start;
    const memory = new PerturbationMemory();
    return {
      model,
      proxy,
      cache,
      memory,
      alphas,
      predictPerturbed,
      likeness: chooseAlpha ? likenessOf(model.task) : null,
      search,
      batchSize,
      loadTime,
      emit,
      signal,
    };
  }

  async #load(options: RunOptions): Promise<Loaded> {
    const { modelDirectory: directory, proxyDirectory, dtype, device, threads } = options;
    const { language, sourceLanguage, measurements = [] } = options;
    // A model that was removed and imported anew lies in a folder of the same name.
    const made = await stat(directory).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    const asked = [directory, made, proxyDirectory, dtype, device, measurements, threads];
    const key = JSON.stringify([...asked, language, sourceLanguage]);
    if (this.#loaded?.key === key) return this.#loaded;
    await this.dispose();
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
      this.#loaded = { key, model, proxy };
      return this.#loaded;
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }
}

/** What is written and what is read or heard, as far as it is known before the first input. */
function languagesOf(model: LoadedModel, options: RunOptions) {
  const whisper = model.task === 'transcribe' ? whisperRun(model, options) : null;
  return whisper === null
    ? { language: model.language, sourceLanguage: model.sourceLanguage }
    : { language: whisper.language, sourceLanguage: whisper.spokenLanguage };
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
