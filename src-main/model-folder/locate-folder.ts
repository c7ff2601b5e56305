/**
 * Where the files of a model lie. The Hub's cache keeps a model as `models--OWNER--NAME` with
 * `refs/main` (the hash of a revision), `snapshots/HASH/` (links) and `blobs/` (what they point to):
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
 */

import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { VeerError } from '../contract/errors.ts';

export interface FolderPlace {
  /** Where config.json is to be looked for. */
  readonly directory: string;
  /** Name of the folder; that of the repository for one in the Hub's cache. */
  readonly id: string;
  /** Folder that links must not lead out of, resolved; null where they are followed anywhere. */
  readonly within: string | null;
}

const CACHED = /^models--(?:.+--)?([^-].*)$/;

/** @throws VeerError MODEL_NOT_FOUND */
export async function locateFolder(path: string): Promise<FolderPlace> {
  const absolute = resolve(path);
  const entry = await stat(absolute).catch(() => null);
  if (entry?.isFile()) {
    throw new VeerError(
      'MODEL_NOT_FOUND',
      `${path} is a file, and a model is a folder. To make one of it: veer models import ${path}`,
    );
  }
  if (!entry?.isDirectory()) {
    throw new VeerError(
      'MODEL_NOT_FOUND',
      `There is no model folder ${path}. "veer models" lists the models that are there.`,
    );
  }
  const name = cachedName(absolute);
  if (name !== null) {
    return { directory: await snapshotOf(path), id: name, within: await realpath(absolute) };
  }
  const top = dirname(dirname(absolute));
  const parent = basename(dirname(absolute)) === 'snapshots' ? cachedName(top) : null;
  return parent === null
    ? { directory: path, id: basename(absolute), within: null }
    : { directory: path, id: parent, within: await realpath(top) };
}

/** NAME of `models--OWNER--NAME`. */
function cachedName(path: string): string | null {
  return CACHED.exec(basename(path))?.[1] ?? null;
}

/** Of the revision that `refs/main` names; the only one where there is no such file. */
async function snapshotOf(top: string): Promise<string> {
  const snapshots = join(top, 'snapshots');
  const names = (await readdir(snapshots).catch(() => [])).filter((name) => !name.startsWith('.'));
  const main = (await readFile(join(top, 'refs', 'main'), 'utf8').catch(() => '')).trim();
  const chosen = names.find((name) => name === main) ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined) return join(snapshots, chosen);
  throw new VeerError(
    'MODEL_NOT_FOUND',
    names.length === 0
      ? `${top} is a folder of the Hub's cache in which no model lies. Download the model again.`
      : `${top} holds ${names.length} revisions, and its refs/main names none of them. Name one: ${names.map((name) => join(snapshots, name)).join(', ')}.`,
  );
}
