/** The models as the screens see them: names and measurements, no paths. */

import { basename, dirname } from 'node:path';
import { DTYPES } from '../contract/devices.ts';
import type { ListedModel, ListedProxy, ModelList } from '../contract/model-list.ts';
import { listModels, type ModelEntry } from '../model-store/list-models.ts';
import { isProven, type ProxyEntry } from '../model-store/read-proxies.ts';

/** @param imported that one of the directories in which imported models lie */
export async function listedModels(
  directories: readonly string[],
  imported: string,
): Promise<ModelList> {
  const entries = await listModels(directories);
  const originOf = ({ directory }: ModelEntry) =>
    dirname(directory) === imported ? 'imported' : 'bundled';
  return {
    models: entries.flatMap((entry) =>
      'task' in entry ? [listedModel(entry, originOf(entry))] : [],
    ),
    broken: entries.flatMap((entry) =>
      'problem' in entry ? [{ id: entry.id, problem: entry.problem }] : [],
    ),
  };
}

export function listedModel(model: ModelEntry, origin: ListedModel['origin']): ListedModel {
  const { id, family, task, dtypes, bytes, directions, sources, notes } = model;
  return {
    id,
    origin,
    family,
    task,
    dtypes: [...dtypes],
    bytes,
    directions: directions.map(({ source, target }) => ({ source, target })),
    sources: [...sources],
    notes: [...notes],
    proxies: model.proxies.map(listedProxy),
    brokenProxies: model.brokenProxies.map((broken) => ({ ...broken })),
  };
}

function listedProxy({ directory, manifest }: ProxyEntry): ListedProxy {
  const measured: ListedProxy['measured'] = {};
  for (const dtype of DTYPES) {
    const encoder = manifest.encoders[dtype];
    if (encoder === undefined) continue;
    const { suggestedAlpha, gain, interval, condition } = encoder;
    measured[dtype] = { suggestedAlpha, gain, interval, condition, proven: isProven(encoder) };
  }
  const { name, metric, direction } = manifest;
  return { id: basename(directory), name, metric, direction, measured };
}
