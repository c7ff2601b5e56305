/** How much room the data folder takes, by what it is for. Uploads that are still coming are left out. */

import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Storage } from '../contract/app-contract.ts';
import { setAsidePrefix } from '../history/ways-out.ts';
import type { DataFolder } from './data-folder.ts';

/** Every part once, in the order of the contract. */
export async function storageOf(folder: DataFolder): Promise<Storage> {
  // The log of the database, too; a database that was set aside can be put back, as a backup can.
  const database = basename(folder.database);
  const setAside = setAsidePrefix(folder.database);
  return [
    { part: 'database', bytes: await bytesIn(folder.path, (name) => name.startsWith(database)) },
    {
      part: 'backups',
      bytes:
        (await bytesIn(folder.path, (name) => name.startsWith(setAside))) +
        (await bytesBelow(folder.backups)),
    },
    { part: 'items', bytes: await bytesBelow(folder.items) },
    { part: 'encoder-cache', bytes: await bytesBelow(folder.encoderCache) },
    { part: 'proxy-training', bytes: await bytesBelow(folder.trainingCache) },
    { part: 'models', bytes: await bytesBelow(folder.models) },
  ];
}

/** Of files right in a folder. */
async function bytesIn(folder: string, isMeant: (name: string) => boolean): Promise<number> {
  const names = await readdir(folder);
  return bytesOf(names.filter(isMeant).map((name) => join(folder, name)));
}

/** Of all files below a folder; 0 where it is not there. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return bytesOf(
    entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  );
}

/** What is gone meanwhile takes no room. */
async function bytesOf(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths)
    bytes += await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  return bytes;
}
