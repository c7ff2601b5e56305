/** The files of a model folder, and which links among them are followed. */

import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { VeerError } from '../contract/errors.ts';
import { PROXIES_DIRECTORY } from '../contract/model-layout.ts';
import type { FolderPlace } from './locate-folder.ts';

/** Folders within folders that are looked into: links can go round in circles. */
const MOST_LEVELS = 8;

/**
 * Sizes in bytes of all files, by path with `/`.
 *
 * Links are followed: to files, and to folders where Veer looks for files (`onnx/`, `proxies/`). They
 * may lead anywhere, for who names a folder may read what it points to; in the Hub's cache only to
 * what lies in the folder of the same model, as the Hub's own libraries write them. A link to nothing
 * is no file.
 *
 * @throws VeerError MODEL_FILE_DAMAGED for a link that leads out of the cache's folder
 */
export async function folderFiles({
  directory,
  within,
}: Pick<FolderPlace, 'directory' | 'within'>): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  const look = async (folder: string, levels: number): Promise<void> => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const target = await stat(join(directory, path)).catch(() => null);
      if (target === null) continue;
      if (entry.isSymbolicLink()) await requireWithin(join(directory, path), within);
      if (target.isFile()) sizes.set(path, target.size);
      const looks = entry.isDirectory() || isLookedInto(path);
      if (target.isDirectory() && looks && levels > 1) await look(path, levels - 1);
    }
  };
  await look('', MOST_LEVELS);
  return sizes;
}

function isLookedInto(path: string): boolean {
  return path === 'onnx' || path.split('/')[0] === PROXIES_DIRECTORY;
}

async function requireWithin(path: string, within: string | null): Promise<void> {
  if (within === null) return;
  const target = await realpath(path);
  if (target.startsWith(within + sep)) return;
  throw new VeerError(
    'MODEL_FILE_DAMAGED',
    `${path} is a link to ${target}, which lies outside ${within}. In the Hub's cache only links within the folder of a model are followed. Download the model again, or copy the file to where the link is.`,
  );
}
