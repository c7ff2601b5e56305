/**
 * What somebody who helps needs to know, as JSON: numbers, versions, names of models, codes of
 * errors. Never a name, a text or a path of a person: sentences of others (a driver, a broken
 * folder) may hold paths, so known folders are replaced in every string.
 */

import { arch, cpus, homedir, platform, totalmem } from 'node:os';
import type { AppInfo, NamedText, Storage } from '../contract/app-contract.ts';
import type { DeviceInfo } from '../contract/engine-contract.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { ModelList } from '../contract/model-list.ts';
import type { Settings } from '../contract/settings.ts';
import type { HistoryCounts } from '../history/counts.ts';

export interface Diagnosed {
  readonly info: AppInfo;
  readonly settings: Settings;
  readonly models: ModelList;
  /** The code of the error where the engine cannot say. */
  readonly devices: readonly DeviceInfo[] | ErrorCode;
  /** Null where the database cannot be used. */
  readonly counts: HistoryCounts | null;
  readonly storage: Storage;
  readonly modelDirectories: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function diagnosticsOf(diagnosed: Diagnosed): NamedText {
  const { info, settings, models, devices, counts, storage, now } = diagnosed;
  const { database } = info;
  const moment = new Date(now).toISOString();
  const content = {
    made: moment,
    version: info.version,
    shell: info.shell,
    system: {
      platform: platform(),
      arch: arch(),
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      processor: cpus()[0]?.model ?? null,
      processors: cpus().length,
      memoryBytes: totalmem(),
    },
    database: database.state === 'ready' ? 'ready' : database.code,
    counts,
    storage,
    devices,
    models: models.models.map(({ id, task, family, dtypes, bytes, proxies, brokenProxies }) => ({
      id,
      task,
      family,
      dtypes,
      bytes,
      proxies: proxies.map((proxy) => proxy.id),
      brokenProxies,
    })),
    brokenModels: models.broken,
    settings,
  };
  const without = withoutFolders([info.dataDirectory, ...diagnosed.modelDirectories, homedir()]);
  const replacer = (_: string, value: unknown) =>
    typeof value === 'string' ? without(value) : value;
  return {
    fileName: `veer-diagnostics-${moment.slice(0, 10).replaceAll('-', '')}.json`,
    content: `${JSON.stringify(content, replacer, 2)}\n`,
  };
}

/** Their names may be a person's. The longest first: one may lie in another. */
function withoutFolders(folders: readonly string[]): (text: string) => string {
  const known = folders.filter((path) => path.length > 1).sort((a, b) => b.length - a.length);
  return (text) => known.reduce((rest, path) => rest.replaceAll(path, '…'), text);
}
