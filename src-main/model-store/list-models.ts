/**
 * What lies in the model directories: reading names, sizes and manifests only, never weights. A
 * folder that cannot be used is listed with its problem, so that a person can mend it.
 */

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Dtype } from '../contract/devices.ts';
import { causeMessage, VeerError } from '../contract/errors.ts';
import {
  availableDtypes,
  CONFIG_FILE,
  FAMILY_TASKS,
  isFamily,
  PROXIES_DIRECTORY,
  PROXY_MANIFEST_FILE,
  type ProxyManifest,
  proxyManifestSchema,
} from '../contract/model-layout.ts';
import type { Task } from '../contract/result.ts';

export interface ProxyEntry {
  readonly directory: string;
  readonly manifest: ProxyManifest;
}

export interface ModelEntry {
  readonly id: string;
  readonly directory: string;
  readonly family: string;
  readonly task: Task;
  readonly dtypes: readonly Dtype[];
  /** Of all files in the folder, proxies included. */
  readonly bytes: number;
  /** Language codes; source and target are the same for a recogniser that writes what it hears. */
  readonly directions: readonly { readonly source: string; readonly target: string }[];
  readonly proxies: readonly ProxyEntry[];
}

export interface BrokenModel {
  readonly id: string;
  readonly directory: string;
  /** For people. */
  readonly problem: string;
}

const configSchema = z.looseObject({
  model_type: z.string(),
  task_specific_params: z.record(z.string(), z.unknown()).nullish(),
});

/** Models in the given directories, by name. A directory that is not there holds none. */
export async function listModels(
  directories: readonly string[],
): Promise<readonly (ModelEntry | BrokenModel)[]> {
  const entries: (ModelEntry | BrokenModel)[] = [];
  for (const parent of directories) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.sort()) {
      const directory = join(parent, name);
      // Folders without a config are something else, not a broken model.
      if (!(await exists(join(directory, CONFIG_FILE)))) continue;
      try {
        entries.push(await readModel(directory));
      } catch (error) {
        entries.push({ id: name, directory, problem: causeMessage(error) });
      }
    }
  }
  return entries;
}

/**
 * The model a person means: a name from the list, a path of a folder, or null for the first one
 * that does the task.
 *
 * @throws VeerError MODEL_NOT_FOUND, MODEL_TASK_MISMATCH, and the problem of a broken folder
 */
export async function findModel(
  directories: readonly string[],
  wanted: string | null,
  task: Task,
): Promise<ModelEntry> {
  const models = await listModels(directories);
  const usable = models.filter((model): model is ModelEntry => 'task' in model);
  if (wanted === null) {
    const first = usable.find((model) => model.task === task);
    if (first !== undefined) return first;
    throw new VeerError('MODEL_NOT_FOUND', `No model here can ${task}. Add one with --model PATH.`);
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
  const model = await readModel(directory);
  if (model.task !== task) {
    throw new VeerError(
      'MODEL_TASK_MISMATCH',
      `${model.id} is a ${model.family} model: it can ${model.task}, not ${task}.`,
    );
  }
  return model;
}

/**
 * The proxy a person means: a name, or null for the first one of the model.
 *
 * @throws VeerError PROXY_NOT_FOUND
 */
export function findProxy(model: ModelEntry, wanted: string | null): ProxyEntry {
  const found =
    wanted === null
      ? model.proxies[0]
      : model.proxies.find((proxy) => basename(proxy.directory) === wanted);
  if (found !== undefined) return found;
  const names = model.proxies.map((proxy) => basename(proxy.directory)).join(', ') || 'none';
  throw new VeerError(
    'PROXY_NOT_FOUND',
    wanted === null
      ? `${model.id} has no proxy, so only α = 0 is possible.`
      : `${model.id} has no proxy "${wanted}". Proxies it has: ${names}.`,
  );
}

async function readModel(directory: string): Promise<ModelEntry> {
  const config = await readConfig(directory);
  if (!isFamily(config.model_type)) {
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      `${basename(directory)} is a "${config.model_type}" model. Families that can be used: ${Object.keys(FAMILY_TASKS).join(', ')}.`,
    );
  }
  const files = await listFiles(directory);
  return {
    id: basename(directory),
    directory,
    family: config.model_type,
    task: FAMILY_TASKS[config.model_type],
    dtypes: availableDtypes(new Set(files.keys())),
    bytes: [...files.values()].reduce((sum, size) => sum + size, 0),
    directions: directionsOf(Object.keys(config.task_specific_params ?? {})),
    proxies: await readProxies(directory),
  };
}

async function readConfig(directory: string): Promise<z.infer<typeof configSchema>> {
  const path = join(directory, CONFIG_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new VeerError(
      'MODEL_FILE_MISSING',
      `The model folder ${directory} has no ${CONFIG_FILE}. Copy the whole folder again.`,
      { cause },
    );
  }
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new VeerError('MODEL_CONFIG_INVALID', `${path} is not the config of a model.`, { cause });
  }
}

/** `translation_en_to_de` → en to de. */
function directionsOf(tasks: readonly string[]): ModelEntry['directions'] {
  return tasks.flatMap((task) => {
    const [, source, target] = /^translation_([a-z]+)_to_([a-z]+)$/.exec(task) ?? [];
    return source === undefined || target === undefined ? [] : [{ source, target }];
  });
}

/** Proxies with a valid manifest; the engine says what is wrong with another when it is asked for. */
async function readProxies(directory: string): Promise<readonly ProxyEntry[]> {
  const parent = join(directory, PROXIES_DIRECTORY);
  const names = await readdir(parent).catch(() => []);
  const proxies: ProxyEntry[] = [];
  for (const name of names.sort()) {
    const path = join(parent, name, PROXY_MANIFEST_FILE);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) continue;
    const manifest = proxyManifestSchema.safeParse(parseJson(text));
    if (manifest.success) proxies.push({ directory: join(parent, name), manifest: manifest.data });
  }
  return proxies;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Sizes in bytes of all files below a folder, by path with `/`. */
async function listFiles(directory: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const relative = path.slice(directory.length + 1).replaceAll('\\', '/');
    sizes.set(relative, (await stat(path)).size);
  }
  return sizes;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
