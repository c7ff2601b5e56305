/** The bundled models with their proxies and dev data, loaded as the engine loads them. */

import { join } from 'node:path';
import type { Dtype } from '../../src-main/contract/devices.ts';
import { loadModel } from '../../src-main/engine/models/factory.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import type { PerturbationProxy } from '../../src-main/engine/perturbation/proxy.ts';
import { loadProxyFor } from '../../src-main/engine/pipeline/load-proxy.ts';
import { inBatches, MODELS_DIRECTORY, TARGETS, type TranslationDirection } from '../dev-inputs.ts';
import { type DevInput, speechDev, translationDev } from './dev-data.ts';

/** A frozen model, its proxy, and what to run them on. */
export interface Subject<Input> extends AsyncDisposable {
  readonly model: Model<Input>;
  readonly proxy: PerturbationProxy;
  /** In batches of inputs that are encoded together. */
  readonly batches: readonly (readonly DevInput<Input>[])[];
}

const SPEECH_BATCH = 8;
const TRANSLATION_BATCH = 20;

/**
 * @param id of a recogniser
 * @param data left out: the dev inputs
 * @throws VeerError as `loadModel` and `PerturbationProxy.load`
 */
export async function speechSubject(
  id: string,
  dtype: Dtype,
  data?: readonly DevInput<Float32Array>[],
): Promise<Subject<Float32Array>> {
  const model = await load(id, dtype, null);
  if (model.task !== 'transcribe') throw new Error(`${id} is no recogniser.`);
  const inputs = [...(data ?? (await speechDev()))].sort((a, b) => b.input.length - a.input.length);
  return subject(model, 'wer-attention', inBatches(inputs, SPEECH_BATCH));
}

/**
 * @param id of a translator
 * @param data left out: the dev inputs of the direction
 * @throws VeerError as `loadModel` and `PerturbationProxy.load`
 */
export async function translationSubject(
  id: string,
  dtype: Dtype,
  direction: TranslationDirection,
  data?: readonly DevInput<string>[],
): Promise<Subject<string>> {
  const model = await load(id, dtype, TARGETS[direction]);
  if (model.task !== 'translate') throw new Error(`${id} is no translator.`);
  const inputs = [...(data ?? (await translationDev(direction)))].sort(
    (a, b) => b.input.length - a.input.length,
  );
  return subject(model, 'chrf-attention', inBatches(inputs, TRANSLATION_BATCH));
}

function load(id: string, dtype: Dtype, language: string | null) {
  const directory = join(MODELS_DIRECTORY, id);
  return loadModel({ directory, dtype, device: 'cpu', threads: null, language });
}

async function subject<Input>(
  model: Model<Input>,
  proxyId: string,
  batches: Subject<Input>['batches'],
): Promise<Subject<Input>> {
  const proxy = await loadProxyFor(
    model,
    join(MODELS_DIRECTORY, model.identity.id, 'proxies', proxyId),
    null,
  );
  const dispose = async () => {
    await proxy.dispose();
    await model.dispose();
  };
  return { model, proxy, batches, [Symbol.asyncDispose]: dispose };
}
