/** The model and the proxy that a person means by a name, a path or nothing at all. */

import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { VeerError } from '../contract/errors.ts';
import type { Task } from '../contract/result.ts';
import { listModels, type ModelEntry, readModel } from './list-models.ts';
import type { ProxyEntry } from './read-proxies.ts';

/**
 * The model a person means: a name from the list, a path of a folder, or null for the first one
 * that does the task.
 *
 * @param task null takes a model of any task
 * @throws VeerError MODEL_NOT_FOUND, MODEL_TASK_MISMATCH, and the problem of a broken folder
 */
export async function findModel(
  directories: readonly string[],
  wanted: string | null,
  task: Task | null,
): Promise<ModelEntry> {
  const models = await listModels(directories);
  const usable = models.filter((model): model is ModelEntry => 'task' in model);
  if (wanted === null) {
    const first = usable.find((model) => task === null || model.task === task);
    if (first !== undefined) return first;
    const broken = models.filter((model) => 'problem' in model).map((model) => model.id);
    const hint =
      broken.length > 0 ? ` Not usable ("veer models" says why): ${broken.join(', ')}.` : '';
    throw new VeerError(
      'MODEL_NOT_FOUND',
      `No model here can ${task ?? 'be used'}. Name the folder of one with --model.${hint}`,
    );
  }
  const named = models.find((model) => model.id === wanted);
  const directory = named?.directory ?? resolve(wanted);
  if (named === undefined && !(await exists(directory))) {
    const names = usable.map((model) => model.id).join(', ') || 'none';
    throw new VeerError(
      'MODEL_NOT_FOUND',
      `There is no model "${wanted}", neither by that name nor as a folder. Models here: ${names}.`,
    );
  }
  // A broken one is read again for the error that names what is wrong.
  const model = named !== undefined && 'task' in named ? named : await readModel(directory);
  if (task !== null && model.task !== task) {
    throw new VeerError(
      'MODEL_TASK_MISMATCH',
      `${model.id} is a ${model.family} model: it can ${model.task}, not ${task}. Choose another one with --model.`,
    );
  }
  return model;
}

/**
 * The proxy a person means: a name, or null for the first one of the model.
 *
 * @throws VeerError PROXY_NOT_FOUND, PROXY_INVALID
 */
export function findProxy(model: ModelEntry, wanted: string | null): ProxyEntry {
  const found =
    wanted === null
      ? model.proxies[0]
      : model.proxies.find((proxy) => basename(proxy.directory) === wanted);
  if (found !== undefined) return found;
  const broken = model.brokenProxies.find((proxy) => wanted === null || proxy.id === wanted);
  if (broken !== undefined) throw new VeerError('PROXY_INVALID', broken.problem);
  const names = model.proxies.map((proxy) => basename(proxy.directory)).join(', ') || 'none';
  throw new VeerError(
    'PROXY_NOT_FOUND',
    wanted === null
      ? `${model.id} has no proxy, so only α = 0 is possible. Leave --alpha out, or choose another --model.`
      : `${model.id} has no proxy "${wanted}". Proxies it has: ${names}.`,
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
