/**
 * The engine as the contract describes it: loads what a request asks for, runs the pipeline and
 * hands out its events. One model is kept loaded, since files of one queue use the same.
 */

import {
  type DeviceInfo,
  type RunEvent,
  type RunOptions,
  requireFiniteAlphas,
  type Sentence,
} from '../../contract/engine-contract.ts';
import { VeerError } from '../../contract/errors.ts';
import { FAMILY_TASKS, isFamily } from '../../contract/model-layout.ts';
import type { Task } from '../../contract/result.ts';
import { loadModel } from '../models/factory.ts';
import { T5Model } from '../models/t5.ts';
import { WhisperModel } from '../models/whisper.ts';
import { probeDevices } from '../onnx/devices.ts';
import { PerturbationMemory } from '../perturbation/perturbation-memory.ts';
import type { PerturbationProxy } from '../perturbation/proxy.ts';
import { eventsOf } from './events-of.ts';
import { loadProxyFor } from './load-proxy.ts';
import type { Run } from './run.ts';
import { transcribe } from './transcribe.ts';
import { translate } from './translate.ts';

type LoadedModel = WhisperModel | T5Model;

interface Loaded {
  readonly key: string;
  readonly model: LoadedModel;
  readonly proxy: PerturbationProxy | null;
}

export class Engine {
  #loaded: Loaded | null = null;

  devices(): Promise<DeviceInfo[]> {
    return probeDevices();
  }

  transcribe(path: string, options: RunOptions, signal: AbortSignal): AsyncGenerator<RunEvent> {
    return eventsOf(async (emit) => {
      const run = await this.#start(options, emit, signal);
      const { model } = run;
      if (!(model instanceof WhisperModel)) throw wrongTask(model, 'transcribe');
      await transcribe(path, { ...run, model });
    });
  }

  translate(
    sentences: readonly Sentence[],
    options: RunOptions,
    signal: AbortSignal,
  ): AsyncGenerator<RunEvent> {
    return eventsOf(async (emit) => {
      const run = await this.#start(options, emit, signal);
      const { model } = run;
      if (!(model instanceof T5Model)) throw wrongTask(model, 'translate');
      await translate(sentences, { ...run, model });
    });
  }

  async dispose(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    await loaded?.proxy?.dispose();
    await loaded?.model.dispose();
  }

  async #start(
    options: RunOptions,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<Run<LoadedModel>> {
    requireFiniteAlphas(options.alphas);
    const start = performance.now();
    const { model, proxy } = await this.#load(options);
    emit({
      type: 'ready',
      model: model.identity,
      proxy: proxy?.identity ?? null,
      device: model.device,
      language: model.language,
      sourceLanguage: model.sourceLanguage,
    });
    const { alphas, batchSize } = options;
    const loadTime = performance.now() - start;
    const memory = new PerturbationMemory();
    return { model, proxy, memory, alphas, batchSize, loadTime, emit, signal };
  }

  async #load(options: RunOptions): Promise<Loaded> {
    const { modelDirectory: directory, proxyDirectory, dtype, device, threads, language } = options;
    const key = JSON.stringify([directory, proxyDirectory, dtype, device, threads, language]);
    if (this.#loaded?.key === key) return this.#loaded;
    await this.dispose();
    const model = await loadModel({ directory, dtype, device, threads, language });
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

function wrongTask(model: LoadedModel, task: Task): VeerError {
  const { id, family } = model.identity;
  const does = isFamily(family) ? FAMILY_TASKS[family] : 'run';
  return new VeerError(
    'MODEL_TASK_MISMATCH',
    `${id} is a ${family} model: it can ${does}, not ${task}. Choose another one with --model.`,
  );
}
