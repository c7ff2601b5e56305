/**
 * What lies in the model directories: reading names, sizes and manifests only, never weights. A
 * folder that cannot be used is listed with its problem, so that a person can mend it.
 */

import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { z } from 'zod';
import type { Weights } from '../contract/devices.ts';
import { causeMessage, VeerError } from '../contract/errors.ts';
import type { Direction } from '../contract/languages.ts';
import {
  availableDtypes,
  CONFIG_FILE,
  FAMILY_TASKS,
  familyUnsupported,
  isFamily,
  missingGraph,
} from '../contract/model-layout.ts';
import type { Task } from '../contract/result.ts';
import { readDirections, readSources } from './read-directions.ts';
import { type Proxies, readProxies } from './read-proxies.ts';

export interface ModelEntry extends Proxies {
  readonly id: string;
  readonly directory: string;
  readonly family: string;
  readonly task: Task;
  readonly dtypes: readonly Weights[];
  /** Of all files in the folder, proxies included. */
  readonly bytes: number;
  /**
   * Language tags, the default first; source and target are the same for a recogniser that writes
   * what it hears. A model of many languages is listed with one source, the one that it reads where
   * nothing else is said. Empty where the folder does not say.
   */
  readonly directions: readonly Direction[];
  /** What such a model can be told to read, each once; else empty. */
  readonly sources: readonly string[];
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
      // What is still being imported is no model yet.
      if (name.startsWith('.')) continue;
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
 * @throws VeerError MODEL_FILE_MISSING, MODEL_CONFIG_INVALID, MODEL_FAMILY_UNSUPPORTED
 */
export async function readModel(directory: string): Promise<ModelEntry> {
  const config = await readConfig(directory);
  if (!isFamily(config.model_type)) {
    throw familyUnsupported(basename(directory), config.model_type);
  }
  const files = await listFiles(directory);
  const names = new Set(files.keys());
  const dtypes = availableDtypes(names);
  if (dtypes.length === 0) throw fileMissing(directory, missingGraph(names));
  return {
    id: basename(directory),
    directory,
    family: config.model_type,
    task: FAMILY_TASKS[config.model_type],
    dtypes,
    bytes: [...files.values()].reduce((sum, size) => sum + size, 0),
    directions: await readDirections(
      directory,
      config.model_type,
      config.task_specific_params ?? {},
    ),
    sources: await readSources(directory, config.model_type),
    ...(await readProxies(directory)),
  };
}

async function readConfig(directory: string): Promise<z.infer<typeof configSchema>> {
  const path = join(directory, CONFIG_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw fileMissing(directory, CONFIG_FILE, cause);
  }
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new VeerError(
      'MODEL_CONFIG_INVALID',
      `${path} is not the config of a model. Copy the file again from where it came from.`,
      { cause },
    );
  }
}

function fileMissing(directory: string, file: string, cause?: unknown): VeerError {
  return new VeerError(
    'MODEL_FILE_MISSING',
    `The model folder ${directory} has no ${file}. Copy the whole folder again.`,
    { cause },
  );
}

/** Sizes in bytes of all files below a folder, by path with `/`. */
async function listFiles(directory: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    // The cache of the Hugging Face libraries holds symbolic links to the files.
    if (!entry.isFile() && !entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = await stat(path).catch(() => null);
    if (target?.isFile()) sizes.set(relative(directory, path).replaceAll('\\', '/'), target.size);
  }
  return sizes;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
