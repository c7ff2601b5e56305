/**
 * What lies in the model directories: reading names, sizes and manifests only, never weights. A
 * folder that cannot be used is listed with its problem, so that a person can mend it.
 */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Weights } from '../contract/devices.ts';
import { causeMessage } from '../contract/errors.ts';
import type { Direction } from '../contract/languages.ts';
import { CONFIG_FILE, FAMILY_TASKS } from '../contract/model-layout.ts';
import type { Task } from '../contract/result.ts';
import { readFolder } from '../model-folder/read-folder.ts';
import { readAbilities, type SpeechAbilities } from './read-abilities.ts';
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
  /** Null for a translator, and where its files do not say. */
  readonly speech: SpeechAbilities | null;
  /** What was made up for a file that is not there; for people. */
  readonly notes: readonly string[];
}

export interface BrokenModel {
  readonly id: string;
  readonly directory: string;
  /** For people. */
  readonly problem: string;
}

const tasksSchema = z.object({ task_specific_params: z.record(z.string(), z.unknown()) });

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
      const marks = [CONFIG_FILE, 'snapshots'].map((mark) => exists(join(directory, mark)));
      if (!(await Promise.all(marks)).includes(true)) continue;
      try {
        entries.push(await readModel(directory));
      } catch (error) {
        entries.push({ id: name, directory, problem: causeMessage(error) });
      }
    }
  }
  return entries;
}

/** @throws VeerError as `readFolder` */
export async function readModel(path: string): Promise<ModelEntry> {
  const folder = await readFolder(path);
  const { directory, id, family, config, files, dtypes, notes } = folder;
  const tasks = tasksSchema.safeParse(config).data?.task_specific_params ?? {};
  return {
    id,
    directory,
    family,
    task: FAMILY_TASKS[family],
    dtypes,
    bytes: [...files.values()].reduce((sum, size) => sum + size, 0),
    directions: await readDirections(folder, tasks),
    sources: await readSources(directory, family),
    speech: await readAbilities(folder),
    notes,
    ...(await readProxies(directory)),
  };
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
