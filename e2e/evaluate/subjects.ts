/** The bundled models with their proxies, loaded as the engine loads them. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dtype } from '../../src-main/contract/devices.ts';
import { PROXIES_DIRECTORY } from '../../src-main/contract/model-layout.ts';
import { loadModel } from '../../src-main/engine/models/factory.ts';
import type { Model } from '../../src-main/engine/models/model.ts';
import type { PerturbationProxy } from '../../src-main/engine/perturbation/proxy.ts';
import { loadProxyFor } from '../../src-main/engine/pipeline/load-proxy.ts';
import { inBatches, MODELS_DIRECTORY, TARGETS, type TranslationDirection } from '../dev-inputs.ts';

/** A frozen model and its proxy. */
export interface Subject<Input> extends AsyncDisposable {
  readonly model: Model<Input>;
  readonly proxy: PerturbationProxy;
  /** Inputs that are encoded together. */
  readonly batchSize: number;
}

const SPEECH_BATCH = 8;
const TRANSLATION_BATCH = 20;

/**
 * @param id of a recogniser
 * @throws VeerError as `loadModel` and `PerturbationProxy.load`
 */
export async function speechSubject(
  id: string,
  dtype: Dtype,
  threads: number | null = null,
): Promise<Subject<Float32Array>> {
  const model = await load(id, dtype, null, threads);
  if (model.task !== 'transcribe') throw new Error(`${id} is no recogniser.`);
  return subject(model, threads, SPEECH_BATCH);
}

/**
 * @param id of a translator
 * @throws VeerError as `loadModel` and `PerturbationProxy.load`
 */
export async function translationSubject(
  id: string,
  dtype: Dtype,
  direction: TranslationDirection,
  threads: number | null = null,
): Promise<Subject<string>> {
  const model = await load(id, dtype, TARGETS[direction], threads);
  if (model.task !== 'translate') throw new Error(`${id} is no translator.`);
  return subject(model, threads, TRANSLATION_BATCH);
}

/** The longest inputs first, so that those of a batch are about as long. */
export function batchesOf<Item extends { readonly input: { readonly length: number } }>(
  items: readonly Item[],
  size: number,
): readonly (readonly Item[])[] {
  return inBatches(
    items.toSorted((a, b) => b.input.length - a.input.length),
    size,
  );
}

function load(id: string, dtype: Dtype, language: string | null, threads: number | null) {
  const directory = join(MODELS_DIRECTORY, id);
  return loadModel({ directory, dtype, device: 'cpu', threads, language });
}

async function subject<Input>(
  model: Model<Input>,
  threads: number | null,
  batchSize: number,
): Promise<Subject<Input>> {
  const folder = join(MODELS_DIRECTORY, model.identity.id, PROXIES_DIRECTORY);
  const [proxyId] = await readdir(folder);
  if (proxyId === undefined) throw new Error(`${folder} is empty.`);
  const proxy = await loadProxyFor(model, join(folder, proxyId), threads);
  const dispose = async () => {
    await proxy.dispose();
    await model.dispose();
  };
  return { model, proxy, batchSize, [Symbol.asyncDispose]: dispose };
}
